import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { readCursor, writeCursor } from '../core/signed-cursor.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import {
  AccountAsOfQuery,
  AccountAsOfView,
  AccountDiffQuery,
  AccountDiffView,
  OrderDifferenceView,
  OrderDiffQuery,
  OrderDiffView,
} from './account-history.dto.js';
import { AccountHistory, type OrderDifference, type Span } from './account-history.service.js';
import { orderJson } from './order-json.js';

/** The past of a whole account, and what differs between two instants; nothing here changes anything. */
@ApiTags('orders')
@Controller('orders')
export class AccountHistoryController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly history: AccountHistory,
    private readonly keys: OrderKeys,
  ) {}

  @Get('as-of')
  @ApiOperation({
    operationId: 'listOrdersAsOf',
    summary: 'Lists the orders of an account as of an instant',
    description: 'All orders of the account as we knew them at an instant, page by page.',
  })
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiOkResponse({ type: AccountAsOfView })
  async asOf(@CurrentScope() scope: TenantScope, @Query() query: AccountAsOfQuery): Promise<string> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const page = { after: this.placeOf(accountId, query.cursor), limit: query.limit };
    const { views, next } = await this.history.asOf(accountId, query.as_of, page);
    const orders = views.map((view) => orderJson(view, query.token_id)).join(',');
    const cursor = JSON.stringify(this.cursorOf(accountId, next));
    return `{"success":true,"as_of":${JSON.stringify(query.as_of)},"orders":[${orders}],"next_cursor":${cursor}}`;
  }

  @Get('diff')
  @ApiOperation({
    operationId: 'compareAccount',
    summary: "Compares an account's orders at two instants",
    description: 'What differs between two instants, of all orders of the account, page by page; orders that do not differ are left out.',
  })
  @ApiOkResponse({ type: AccountDiffView })
  async differences(@CurrentScope() scope: TenantScope, @Query() query: AccountDiffQuery): Promise<AccountDiffView> {
    const span = spanOf(query);
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const page = { after: this.placeOf(accountId, query.cursor), limit: query.limit };
    const { orders, next } = await this.history.differences(accountId, span, page);
    return { ...spanView(span), orders: orders.map(differenceView), next_cursor: this.cursorOf(accountId, next) };
  }

  @Get(':order_id/diff')
  @ApiOperation({ operationId: 'compareOrder', summary: 'Compares an order at two instants' })
  @ApiOkResponse({ type: OrderDiffView })
  async difference(@CurrentScope() scope: TenantScope, @Query() query: OrderDiffQuery, @Param('order_id') orderId: string): Promise<OrderDiffView> {
    const span = spanOf(query);
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const difference = await this.history.difference(accountId, orderId.toLowerCase(), span);
    if (!difference) throw orderNotFound();
    return { ...spanView(span), ...differenceView(difference) };
  }

  private placeOf(accountId: string, cursor: string | undefined): string {
    if (cursor === undefined) return '';
    const place = readCursor(cursor, this.sign(accountId));
    if (typeof place !== 'string') throw validationFailed([{ field: 'cursor', message: 'must be the next_cursor of a page of the same account' }]);
    return place;
  }

  private cursorOf(accountId: string, place: string | null): string | null {
    return place === null ? null : writeCursor(place, this.sign(accountId));
  }

  private sign(accountId: string) {
    return (text: string) => this.keys.keyedHash(`past-cursor:${accountId}`, text);
  }
}

function spanOf({ from, to = new Date() }: OrderDiffQuery): Span {
  if (from > to) throw validationFailed([{ field: 'from', message: 'must not be later than to' }]);
  return { from, to };
}

const spanView = ({ from, to }: Span) => ({ from: from.toISOString(), to: to.toISOString() });

function differenceView({ orderId, isKnownBefore, changes }: OrderDifference): OrderDifferenceView {
  return { order_id: orderId, known_before: isKnownBefore, changes: [...changes] };
}
