import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { AccountFiguresReadModel } from './account-figures.read-model.js';
import { AllegroProbe } from './allegro-probe.service.js';
import { availableStatuses } from './known-statuses.js';
import { OrdersHealthView, OrderStatusesView } from './order-sync.dto.js';
import { OptionalTokenIdQuery, TokenIdQuery } from './sync.dto.js';

/** What is really there, for people who look for a fault. */
@ApiTags('orders')
@Controller('orders/debug')
export class OrdersDebugController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly figures: AccountFiguresReadModel,
    private readonly allegro: AllegroProbe,
  ) {}

  @Get('statuses')
  @ApiOperation({ operationId: 'listOrderStatuses', summary: 'Lists the statuses an order can have' })
  @ApiOkResponse({ type: OrderStatusesView })
  async statuses(@CurrentScope() scope: TenantScope, @Query() query: OptionalTokenIdQuery): Promise<OrderStatusesView> {
    const { token_id: tokenId } = query;
    const asked = tokenId === undefined ? await this.figures.accountsOf(scope.tenantId) : [(await this.accounts.resolve(scope, tokenId)).accountId];
    const [order, fulfillment] = await Promise.all([this.figures.presentStatuses(asked, 'status'), this.figures.presentStatuses(asked, 'fulfillment_status')]);
    const statuses = availableStatuses({ order, fulfillment });
    return {
      available_statuses: statuses.all,
      order_statuses: statuses.order,
      fulfillment_statuses: statuses.fulfillment,
      description: 'Statuses orders can be filtered by: of the purchase and of its fulfilment, known ones first, then others that are present.',
      user_id: scope.tenantId,
    };
  }

  @Get('health')
  @ApiOperation({
    operationId: 'getOrdersHealth',
    summary: 'Measures the parts that serve orders',
    description: 'Everything in it is measured by this call; while the database does not answer it is a 503.',
  })
  @ApiOkResponse({ type: OrdersHealthView })
  async health(@CurrentScope() scope: TenantScope, @Query() query: TokenIdQuery): Promise<OrdersHealthView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const [figures, reach] = await Promise.all([this.figures.ofAccount(accountId), this.allegro.reach(accountId)]);
    return {
      status: reach === 'ok' ? 'healthy' : 'degraded',
      user_id: scope.tenantId,
      database_connection: 'ok',
      allegro_api_status: reach,
      last_sync: figures.lastSyncAt?.toISOString() ?? null,
      orders_count: figures.orders,
      check_time: new Date().toISOString(),
    };
  }
}
