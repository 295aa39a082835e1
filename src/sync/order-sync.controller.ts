import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { OrderRefresh } from './order-refresh.service.js';
import { OrderRefreshedView, OrderSyncHistoryView, orderSyncRunView } from './order-sync.dto.js';
import { OrderSyncHistoryQuery, TokenIdQuery } from './sync.dto.js';
import { SyncRuns } from './sync-runs.read-model.js';

const MESSAGES = {
  created: 'The order was read from Allegro and is new.',
  updated: 'The order was read from Allegro and has changed.',
  skipped: 'The order was read from Allegro and has not changed.',
} as const;

/** What the orders' addresses say about syncs. */
@ApiTags('orders')
@Controller('orders')
export class OrderSyncController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly refreshing: OrderRefresh,
    private readonly runs: SyncRuns,
  ) {}

  @Get('sync/history')
  @ApiOperation({ operationId: 'listOrderSyncRuns', summary: 'Lists the sync runs of an account with their orders' })
  @ApiOkResponse({ type: OrderSyncHistoryView })
  async history(@CurrentScope() scope: TenantScope, @Query() query: OrderSyncHistoryQuery): Promise<OrderSyncHistoryView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const filter = { tenantId: scope.tenantId, accountId, status: null, from: null, to: null };
    const [runs, total] = await Promise.all([this.runs.list(filter, { limit: query.limit, offset: 0 }), this.runs.count(filter)]);
    return { history: runs.map(orderSyncRunView), total_records: total };
  }

  @Post(':order_id/sync')
  @ReachesOut()
  @ApiOperation({ operationId: 'syncOrder', summary: 'Reads one order from Allegro now' })
  @HttpCode(200)
  @ApiOkResponse({ type: OrderRefreshedView })
  async refresh(@CurrentScope() scope: TenantScope, @Param('order_id') orderId: string, @Query() query: TokenIdQuery): Promise<OrderRefreshedView> {
    const account = await this.accounts.resolve(scope, query.token_id);
    const action = await this.refreshing.refresh(account, orderId);
    return { success: true, order_id: orderId, action, message: MESSAGES[action] };
  }
}
