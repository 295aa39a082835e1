import { Injectable } from '@nestjs/common';
import { dayIn, dayRange, DaySums, daysLater, dayStart, SUMMED_ZONE, type SumsAsked } from '../orders/day-sums.read-model.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { cancellationsAnswer, fulfilmentAnswer, keptOrders, salesAnswer } from './report-answers.js';
import { type Calendar, spanOf } from './report-span.js';
import type { CancellationsReportView, FulfilmentReportView, SalesReportView, TopBuyersReportView, TopOffersReportView } from './report-views.dto.js';
import type { CancellationsQuery, FulfilmentQuery, ReportQuery, SalesQuery, TopBuyersQuery, TopOffersQuery } from './reports.dto.js';

const CALENDAR: Calendar = {
  dayOf: (instant) => dayIn(SUMMED_ZONE, instant),
  startOf: (day) => dayStart(SUMMED_ZONE, day),
  later: daysLater,
};

/** Reports of one account over a span of order dates, from the sums per day. */
@Injectable()
export class Reports {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly sums: DaySums,
  ) {}

  async sales(scope: TenantScope, query: SalesQuery): Promise<SalesReportView> {
    const { group_by = 'day', status = null } = query;
    const asked = await this.asked(scope, query);
    const sums = await this.sums.sales(asked, group_by, status);
    return { ...headOf(asked), group_by, status, ...salesAnswer(sums) };
  }

  async cancellations(scope: TenantScope, query: CancellationsQuery): Promise<CancellationsReportView> {
    const { group_by = 'day' } = query;
    const asked = await this.asked(scope, query);
    return { ...headOf(asked), group_by, ...cancellationsAnswer(await this.sums.sales(asked, group_by)) };
  }

  async fulfilment(scope: TenantScope, query: FulfilmentQuery): Promise<FulfilmentReportView> {
    const { group_by = 'day' } = query;
    const asked = await this.asked(scope, query);
    const [durations, sales] = await Promise.all([this.sums.durations(asked, group_by), this.sums.sales(asked, 'currency')]);
    return { ...headOf(asked), group_by, orders: keptOrders(sales), ...fulfilmentAnswer(durations) };
  }

  async topOffers(scope: TenantScope, query: TopOffersQuery): Promise<TopOffersReportView> {
    const { sort = 'quantity', currency = null, limit } = query;
    const asked = await this.ranked(scope, query);
    const offers = await this.sums.offers(asked, { by: sort, currency, limit });
    const rows = offers.map(({ offerId, quantity, byCurrency, ...offer }) => ({
      ...{ offer_id: offerId, ...offer, quantity: Number(quantity), by_currency: byCurrency },
    }));
    return { ...headOf(asked), sort, currency, offers: rows };
  }

  async topBuyers(scope: TenantScope, query: TopBuyersQuery): Promise<TopBuyersReportView> {
    const { sort = 'orders', currency = null, limit } = query;
    const asked = await this.ranked(scope, query);
    const buyers = await this.sums.buyers(asked, { by: sort, currency, limit });
    const rows = buyers.map(({ orders, cancelled, byCurrency, ...buyer }) => ({ ...buyer, orders: orders - cancelled, cancelled, by_currency: byCurrency }));
    return { ...headOf(asked), sort, currency, buyers: rows };
  }

  /** Amounts of two currencies have no order. */
  private async ranked(scope: TenantScope, query: TopOffersQuery | TopBuyersQuery): Promise<SumsAsked> {
    if (query.sort === 'revenue' && query.currency === undefined) throw validationFailed([{ field: 'currency', message: 'must be given with sort=revenue' }]);
    return this.asked(scope, query);
  }

  private async asked(scope: TenantScope, query: ReportQuery): Promise<SumsAsked> {
    const span = spanOf(query, CALENDAR, new Date());
    if (span.kind === 'refused') throw validationFailed([span.error]);
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    return { accountId, range: dayRange(span.from, span.to), marketplace: query.marketplace ?? null };
  }
}

const headOf = ({ range: { from, to, zone }, marketplace }: SumsAsked) => ({ success: true, from, to, time_zone: zone, marketplace });
