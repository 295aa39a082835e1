import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Quarantine } from '../data-protection/quarantine.service.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import {
  failedOrderDetailView,
  FailedOrderDetailView,
  FailedOrdersQuery,
  FailedOrdersView,
  failedOrderView,
  RetriedOrdersView,
  RetryOrdersBody,
} from './failed-orders.dto.js';
import { failedOrderNotFound } from './failed-orders.errors.js';
import { FailedOrders } from './failed-orders.read-model.js';
import { AuditedRetries } from './audited-retries.service.js';
import { TokenIdQuery } from './sync.dto.js';

/** Orders that could not be read: what Allegro said, how often, and once more by hand. */
@ApiTags('failed orders')
@Controller('failed-orders')
export class FailedOrdersController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly failed: FailedOrders,
    private readonly quarantine: Quarantine,
    private readonly retries: AuditedRetries,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listFailedOrders', summary: 'Lists the orders that could not be read' })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: FailedOrdersView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: FailedOrdersQuery): Promise<FailedOrdersView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const { orders, total } = await this.failed.list(accountId, query.reason ?? null, { limit: query.limit, offset: query.offset });
    return { orders: orders.map(failedOrderView), total };
  }

  @Get(':order_id')
  @ApiOperation({
    operationId: 'getFailedOrder',
    summary: 'Reads why an order could not be read',
    description: 'One order with the whole answer and the history of tries.',
  })
  @Roles('seller', 'operator')
  @ApiOkResponse({ type: FailedOrderDetailView })
  async detail(@CurrentScope() scope: TenantScope, @Param('order_id') orderId: string, @Query() query: TokenIdQuery): Promise<FailedOrderDetailView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const order = await this.failed.find(accountId, orderId.toLowerCase());
    if (!order) throw failedOrderNotFound();
    const { sealed, keyId } = order;
    return failedOrderDetailView(order, sealed ? await this.quarantine.open(accountId, order.orderId, { keyId, sealed }) : null);
  }

  @Post('retry')
  @ReachesOut()
  @ApiOperation({ operationId: 'retryFailedOrders', summary: 'Reads all owed orders of an account, or those of one reason, again now' })
  @Roles('seller', 'operator')
  @HttpCode(200)
  @ApiOkResponse({ type: RetriedOrdersView })
  async retryAll(@CurrentScope() scope: TenantScope, @Body() body: RetryOrdersBody): Promise<RetriedOrdersView> {
    const account = await this.accounts.resolve(scope, body.token_id);
    const { orderIds, taskId } = await this.retries.orders(scope, account, { orderId: null, reason: body.reason ?? null });
    return { order_ids: [...orderIds], task_id: taskId };
  }

  @Post(':order_id/retry')
  @ReachesOut()
  @ApiOperation({ operationId: 'retryFailedOrder', summary: 'Reads one failed order again now' })
  @Roles('seller', 'operator')
  @HttpCode(200)
  @ApiOkResponse({ type: RetriedOrdersView })
  async retry(@CurrentScope() scope: TenantScope, @Param('order_id') orderId: string, @Query() query: TokenIdQuery): Promise<RetriedOrdersView> {
    const account = await this.accounts.resolve(scope, query.token_id);
    const { orderIds, taskId } = await this.retries.orders(scope, account, { orderId: orderId.toLowerCase(), reason: null });
    return { order_ids: [...orderIds], task_id: taskId };
  }
}
