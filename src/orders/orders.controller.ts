import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { JournalEventsView, OneOrderView } from './order-answers.dto.js';
import { OrderHistory } from './order-history.service.js';
import { oneOrderJson, type OrderView } from './order-json.js';
import { JournalEventsReadModel } from './journal-events.read-model.js';
import { JournalEventsQuery, OneOrderQuery } from './orders.dto.js';
import { OrdersReadModel } from './orders.read-model.js';

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly orders: OrdersReadModel,
    private readonly history: OrderHistory,
    private readonly journal: JournalEventsReadModel,
  ) {}

  @Get('events')
  @ApiOperation({
    operationId: 'listJournalEvents',
    summary: "Lists Allegro's journal events of an account",
    description: "Allegro's journal events as stored, oldest first.",
  })
  @ApiOkResponse({ type: JournalEventsView })
  async events(@CurrentScope() scope: TenantScope, @Query() query: JournalEventsQuery): Promise<JournalEventsView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const page = await this.journal.page(accountId, query.from_timestamp ?? null, query.limit);
    const events = page.events.map((event) => ({ ...event, token_id: query.token_id }));
    return { events, total_count: page.total, has_more: page.hasMore, error: null };
  }

  @Get(':order_id')
  @ApiOperation({ operationId: 'getOrder', summary: 'Reads an order, now or as of an instant' })
  @Header('Content-Type', 'application/json; charset=utf-8') // put together from stored text
  @ApiOkResponse({ type: OneOrderView })
  async find(@CurrentScope() scope: TenantScope, @Query() query: OneOrderQuery, @Param('order_id') orderId: string): Promise<string> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const view = await this.view(accountId, orderId.toLowerCase(), query);
    if (!view) throw orderNotFound();
    return oneOrderJson(view, query.token_id);
  }

  private async view(accountId: string, orderId: string, query: OneOrderQuery): Promise<OrderView | null> {
    const { as_of: recordedUntil, occurred_as_of: occurredUntil } = query;
    if (!recordedUntil && !occurredUntil) return this.orders.find(accountId, orderId);
    return this.history.asOf(accountId, orderId, { ...(recordedUntil ? { recordedUntil } : {}), ...(occurredUntil ? { occurredUntil } : {}) });
  }
}
