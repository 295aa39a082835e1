import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { ChoiceQuery, EmptyIsAbsent, IntQuery, TextQuery } from '../platform/http/query-decorators.js';

/** Longer than any status, marketplace or instant. */
const LONGEST_VALUE = 50;
/** Ten pages of a list: what is looked at, not what is exported. */
const MOST_BEST = 100;

const Text = (description: string, example: string): PropertyDecorator => TextQuery({ longest: LONGEST_VALUE, description, example });
const OneOf = (values: readonly string[], fallback: string): PropertyDecorator => ChoiceQuery({ values, fallback });

export const SALES_GROUPS = ['day', 'week', 'month', 'marketplace', 'status', 'fulfillment_status', 'currency'] as const;
export const TIME_GROUPS = ['day', 'week', 'month'] as const;
export const DURATION_GROUPS = ['day', 'week', 'month', 'marketplace'] as const;
export const OFFER_SORTS = ['quantity', 'orders', 'revenue'] as const;
export const BUYER_SORTS = ['orders', 'revenue'] as const;

/** What every report is asked for. */
export class ReportQuery extends TokenQuery {
  @Text('First day (of Europe/Warsaw), or an instant with its offset. 29 days before `to` when absent.', '2026-03-01')
  from?: string;

  @Text('Last day, which counts, or an instant before which orders were bought. Today when absent.', '2026-03-31')
  to?: string;

  @Text('Orders of this marketplace alone.', 'allegro-pl')
  marketplace?: string;
}

export class SalesQuery extends ReportQuery {
  @OneOf(SALES_GROUPS, 'day')
  group_by?: (typeof SALES_GROUPS)[number];

  @Text('Matches the status of the order or of its fulfilment.', 'SENT')
  status?: string;
}

export class CancellationsQuery extends ReportQuery {
  @OneOf(TIME_GROUPS, 'day')
  group_by?: (typeof TIME_GROUPS)[number];
}

export class FulfilmentQuery extends ReportQuery {
  @OneOf(DURATION_GROUPS, 'day')
  group_by?: (typeof DURATION_GROUPS)[number];
}

class BestQuery extends ReportQuery {
  @IntQuery({ min: 1, max: MOST_BEST, fallback: 10 })
  limit = 10;

  @ApiPropertyOptional({ description: 'Sold in this currency alone; needed for `sort=revenue`.', example: 'PLN' })
  @EmptyIsAbsent()
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters such as PLN' })
  currency?: string;
}

export class TopOffersQuery extends BestQuery {
  @OneOf(OFFER_SORTS, 'quantity')
  sort?: (typeof OFFER_SORTS)[number];
}

export class TopBuyersQuery extends BestQuery {
  @OneOf(BUYER_SORTS, 'orders')
  sort?: (typeof BUYER_SORTS)[number];
}
