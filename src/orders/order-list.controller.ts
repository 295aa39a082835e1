import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { Conditional } from '../platform/http/conditional.decorator.js';
import { etagOf, isKnown } from '../platform/http/conditional-answer.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { OrderListView } from './order-answers.dto.js';
import { orderListJson } from './order-json.js';
import { cursorOf, filterOf, filtersEcho, pageOf } from './list-request.js';
import { OrderPageQuery } from './orders.dto.js';
import { OrdersReadModel } from './orders.read-model.js';
import { RenderedOrders } from './rendered-orders.service.js';

@ApiTags('orders')
@Controller('orders')
export class OrderListController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly orders: OrdersReadModel,
    private readonly rendered: RenderedOrders,
    private readonly keys: OrderKeys,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listOrders',
    summary: 'Lists the orders of an account',
    description:
      'Newest first by the order date: when its latest line item was bought, else when the order was first seen. Pages by `cursor` (`Link: rel="next"`) or by `offset`; `If-None-Match` answers 304 where nothing changed.',
  })
  @Conditional()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiOkResponse({ type: OrderListView })
  async list(
    @CurrentScope() scope: TenantScope,
    @Query() query: OrderPageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | ''> {
    refuseReversed(query, 'from_date', 'to_date');
    refuseReversed(query, 'dispatch_from', 'dispatch_to');
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const sign = (text: string) => this.keys.keyedHash(`orders-cursor:${accountId}`, text);
    const asked = pageOf(query, sign) ?? cursorRefused();
    const { states, total, last } = await this.orders.list(accountId, filterOf(query), asked);
    const orders = await this.rendered.of(states, query.token_id);
    const nextCursor = last && cursorOf(last, asked.sort, sign);
    if (nextCursor !== null) void reply.header('link', nextLink(request.url, nextCursor));
    // Who may not see personal data gets another answer, and so another tag.
    const state = [request.url, scope.seesPersonalData, total, orders.map(({ stamp }) => stamp), nextCursor];
    if (isKnown(etagOf(state), request, reply)) return '';
    const shape = { fields: query.fields?.split(',') ?? null, nextCursor, hasPrevious: query.cursor !== undefined || query.offset > 0 };
    const page = { orders: orders.map(({ json }) => json), total, limit: asked.limit, offset: asked.offset };
    return orderListJson(page, filtersEcho(query), shape);
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
