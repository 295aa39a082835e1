import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { Conditional } from '../platform/http/conditional.decorator.js';
import { etagOf, isKnown } from '../platform/http/conditional-answer.js';
import {
  CancellationsReportView,
  CancelledAmountView,
  FulfilmentReportView,
  OfferRevenueView,
  RevenueView,
  SalesReportView,
  TopBuyersReportView,
  TopOffersReportView,
} from './report-views.dto.js';
import { CancellationsQuery, FulfilmentQuery, SalesQuery, TopBuyersQuery, TopOffersQuery } from './reports.dto.js';
import { Reports } from './reports.service.js';

/** Reports by the day orders were bought. `If-None-Match` answers 304 where nothing changed. */
@ApiTags('orders')
@ApiExtraModels(RevenueView, CancelledAmountView, OfferRevenueView)
@Conditional()
@Controller('orders/reports')
export class ReportsController {
  constructor(private readonly reports: Reports) {}

  @Get('sales')
  @ApiOperation({
    operationId: 'getSalesReport',
    summary: 'Reports orders and revenue of any span of days',
    description: 'By day, week, month, marketplace, status or currency. A cancelled order brings in nothing; amounts are exact and of one currency each.',
  })
  @ApiOkResponse({ type: SalesReportView })
  async sales(
    @CurrentScope() scope: TenantScope,
    @Query() query: SalesQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SalesReportView | ''> {
    return unlessKnown(await this.reports.sales(scope, query), request, reply);
  }

  @Get('cancellations')
  @ApiOperation({
    operationId: 'getCancellationsReport',
    summary: 'Reports how many orders were cancelled',
    description: 'Count, share and amounts of the orders bought in the span that are cancelled now.',
  })
  @ApiOkResponse({ type: CancellationsReportView })
  async cancellations(
    @CurrentScope() scope: TenantScope,
    @Query() query: CancellationsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancellationsReportView | ''> {
    return unlessKnown(await this.reports.cancellations(scope, query), request, reply);
  }

  @Get('fulfilment-time')
  @ApiOperation({
    operationId: 'getFulfilmentTimeReport',
    summary: 'Reports how long orders took to be sent and picked up',
    description: 'Median and ninth decile in minutes, of the orders bought in the span that were seen before they were sent.',
  })
  @ApiOkResponse({ type: FulfilmentReportView })
  async fulfilment(
    @CurrentScope() scope: TenantScope,
    @Query() query: FulfilmentQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FulfilmentReportView | ''> {
    return unlessKnown(await this.reports.fulfilment(scope, query), request, reply);
  }

  @Get('top-offers')
  @ApiOperation({
    operationId: 'getTopOffersReport',
    summary: 'Reports the offers that sold best',
    description: 'By pieces, by orders, or by revenue in one currency; cancelled orders do not count.',
  })
  @ApiOkResponse({ type: TopOffersReportView })
  async topOffers(
    @CurrentScope() scope: TenantScope,
    @Query() query: TopOffersQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TopOffersReportView | ''> {
    return unlessKnown(await this.reports.topOffers(scope, query), request, reply);
  }

  @Get('top-buyers')
  @ApiOperation({
    operationId: 'getTopBuyersReport',
    summary: 'Reports the buyers who bought most',
    description:
      'By orders, or by what they spent in one currency. A buyer is one person whatever e-mail Allegro shows for each order; an erased one is not among them.',
  })
  @ApiOkResponse({ type: TopBuyersReportView })
  async topBuyers(
    @CurrentScope() scope: TenantScope,
    @Query() query: TopBuyersQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TopBuyersReportView | ''> {
    return unlessKnown(await this.reports.topBuyers(scope, query), request, reply);
  }
}

function unlessKnown<View extends object>(view: View, request: FastifyRequest, reply: FastifyReply): View | '' {
  return isKnown(etagOf([request.url, view]), request, reply) ? '' : view;
}
