import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { JournalEventsView, OneOrderView, OrderListView } from './order-answers.dto.js';
import { OrderHistory } from './order-history.service.js';
import { oneOrderJson, orderListJson, type OrderView } from './order-json.js';
import { JournalEventsReadModel } from './journal-events.read-model.js';
import { JournalEventsQuery, OneOrderQuery, OrderListQuery } from './orders.dto.js';
import { OrdersReadModel } from './orders.read-model.js';

/** Answers are JSON text put together from stored documents. */
const JSON_TEXT = ['Content-Type', 'application/json; charset=utf-8'] as const;

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly orders: OrdersReadModel,
    private readonly history: OrderHistory,
    private readonly journal: JournalEventsReadModel,
  ) {}

  /** Newest first by the order date: when its latest line item was bought, else when the order was first seen. */
  @Get()
  @Header(...JSON_TEXT)
  @ApiOkResponse({ type: OrderListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: OrderListQuery): Promise<string> {
    if (query.from_date && query.to_date && query.from_date > query.to_date) {
      throw validationFailed([{ field: 'from_date', message: 'must not be later than to_date' }]);
    }
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const page = await this.orders.list(accountId, filterOf(query), { limit: query.limit, offset: query.offset });
    return orderListJson(page, query.token_id, filtersEcho(query));
  }

  /** Allegro's journal events as stored, oldest first. */
  @Get('events')
  @ApiOkResponse({ type: JournalEventsView })
  async events(@CurrentScope() scope: TenantScope, @Query() query: JournalEventsQuery): Promise<JournalEventsView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const page = await this.journal.page(accountId, query.from_timestamp ?? null, query.limit);
    const events = page.events.map((event) => ({ ...event, token_id: query.token_id }));
    return { events, total_count: page.total, has_more: page.hasMore, error: null };
  }

  @Get(':order_id')
  @Header(...JSON_TEXT)
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

function filterOf(query: OrderListQuery) {
  return {
    status: query.status ?? null,
    from: query.from_date ?? null,
    to: query.to_date ?? null,
    stockUpdated: query.stock_updated ?? null,
    invoiceCreated: query.invoice_created ?? null,
    invoiceId: query.invoice_id ?? null,
  };
}

function filtersEcho(query: OrderListQuery) {
  const { status, from, to, stockUpdated, invoiceCreated, invoiceId } = filterOf(query);
  return { status, from_date: from, to_date: to, stock_updated: stockUpdated, invoice_created: invoiceCreated, invoice_id: invoiceId };
}
