import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { conditionalAnswer } from '../platform/http/conditional-answer.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { JournalEventsView, OneOrderView, OrderListView } from './order-answers.dto.js';
import { OrderHistory } from './order-history.service.js';
import { oneOrderJson, orderListJson, type OrderView } from './order-json.js';
import { JournalEventsReadModel } from './journal-events.read-model.js';
import { cursorOf, filterOf, filtersEcho, pageOf } from './list-request.js';
import { JournalEventsQuery, OneOrderQuery, OrderPageQuery } from './orders.dto.js';
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
    private readonly keys: OrderKeys,
  ) {}

  /**
   * Newest first by the order date: when its latest line item was bought, else when the order was first seen.
   * Pages by `cursor` (`Link: rel="next"`) or by `offset`; `If-None-Match` answers 304 where nothing changed.
   */
  @Get()
  @Header(...JSON_TEXT)
  @ApiOkResponse({ type: OrderListView })
  async list(
    @CurrentScope() scope: TenantScope,
    @Query() query: OrderPageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    refuseReversed(query, 'from_date', 'to_date');
    refuseReversed(query, 'dispatch_from', 'dispatch_to');
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const sign = (text: string) => this.keys.keyedHash(`orders-cursor:${accountId}`, text);
    const asked = pageOf(query, sign) ?? cursorRefused();
    const page = await this.orders.list(accountId, filterOf(query), asked);
    const nextCursor = page.last && cursorOf(page.last, asked.sort, sign);
    if (nextCursor !== null) void reply.header('link', nextLink(request.url, nextCursor));
    const shape = { fields: query.fields?.split(',') ?? null, nextCursor, hasPrevious: query.cursor !== undefined || query.offset > 0 };
    return conditionalAnswer(orderListJson(page, query.token_id, filtersEcho(query), shape), request, reply);
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

function refuseReversed(query: OrderPageQuery, from: 'from_date' | 'dispatch_from', to: 'to_date' | 'dispatch_to'): void {
  const [start, end] = [query[from], query[to]];
  if (start && end && start > end) throw validationFailed([{ field: from, message: `must not be later than ${to}` }]);
}

function cursorRefused(): never {
  throw validationFailed([{ field: 'cursor', message: 'must be the next_cursor of a page of the same account and order' }]);
}

/** The same address with the next cursor, relative to this host (RFC 8288). */
function nextLink(address: string, cursor: string): string {
  const url = new URL(address, 'http://relative');
  url.searchParams.set('cursor', cursor);
  url.searchParams.delete('offset');
  return `<${url.pathname}${url.search}>; rel="next"`;
}
