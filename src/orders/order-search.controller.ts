import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { orderListJson, withRelevance } from './order-json.js';
import { OrderSearchQuery, OrderSearchView } from './order-search.dto.js';
import { OrderSearch } from './order-search.read-model.js';
import { RenderedOrders } from './rendered-orders.service.js';

@ApiTags('orders')
@Controller('orders')
export class OrderSearchController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly search: OrderSearch,
    private readonly rendered: RenderedOrders,
  ) {}

  @Get('search')
  @ApiOperation({
    operationId: 'searchOrders',
    summary: 'Searches the orders of an account',
    description:
      "Orders by id, buyer, company, phone, tax id, offer, external id: whatever the letters' case and marks, best match first. Where nothing holds the words as they stand, orders with something alike are answered.",
  })
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiOkResponse({ type: OrderSearchView })
  async find(@CurrentScope() scope: TenantScope, @Query() query: OrderSearchQuery): Promise<Buffer> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const filter = { stockUpdated: query.stock_updated ?? null, invoiceCreated: query.invoice_created ?? null, invoiceId: query.invoice_id ?? null };
    const page = { limit: query.limit, offset: query.offset };
    const { hits, total, type } = await this.search.find({ accountId, query: query.query, ...filter }, page);
    const scores = new Map(hits.map(({ streamId, score }) => [streamId, score]));
    const rendered = await this.rendered.ofStreams([...scores.keys()], query.token_id);
    const orders = rendered.map(({ streamId, json }) => withRelevance(json, scores.get(streamId) ?? 0));
    return orderListJson(
      { orders, total, ...page },
      {
        search_query: query.query,
        search_type: type,
        stock_updated: filter.stockUpdated,
        invoice_created: filter.invoiceCreated,
        invoice_id: filter.invoiceId,
      },
    );
  }
}
