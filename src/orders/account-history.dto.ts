import { ApiProperty } from '@nestjs/swagger';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { CursorQuery, InstantQuery, IntQuery, RequiredInstant } from '../platform/http/query-decorators.js';
import { ChangeView, OrderView } from './order-answers.dto.js';

/** Each order is rebuilt from its events, which costs several times what a list reads of it: a page nobody chose the size of stays small. */
const MOST_ORDERS = { min: 1, max: 100, fallback: 20 };

export class OrderDiffQuery extends TokenQuery {
  @RequiredInstant({ description: 'The earlier instant, by the time we recorded things.', example: '2026-03-01T12:00:00Z' })
  from!: Date;

  @InstantQuery({ description: 'The later instant; now when absent.' })
  to?: Date;
}

export class AccountDiffQuery extends OrderDiffQuery {
  @IntQuery(MOST_ORDERS)
  limit = MOST_ORDERS.fallback;

  @CursorQuery()
  cursor?: string;
}

export class AccountAsOfQuery extends TokenQuery {
  @RequiredInstant({ description: 'The orders as we knew them at this instant, rebuilt from the log.', example: '2026-03-01T12:00:00Z' })
  as_of!: Date;

  @IntQuery(MOST_ORDERS)
  limit = MOST_ORDERS.fallback;

  @CursorQuery()
  cursor?: string;
}

const NEXT_CURSOR = {
  type: String,
  nullable: true,
  description: 'Ask for the next page with it as `cursor`; null on the last page. It may be set on a short page, even on an empty one.',
} as const;

export class AccountAsOfView {
  @ApiProperty() success!: boolean;
  @ApiProperty({ format: 'date-time' }) as_of!: string;
  @ApiProperty({ type: [OrderView], description: 'By order id; orders replaced by another one at that instant are left out, as in the list.' })
  orders!: OrderView[];
  @ApiProperty(NEXT_CURSOR) next_cursor!: string | null;
}

export class OrderDifferenceView {
  @ApiProperty() order_id!: string;
  @ApiProperty({ description: 'False: the order was not known yet at the earlier instant.' }) known_before!: boolean;
  @ApiProperty({ type: [ChangeView], description: '`old` as at the earlier instant, `new` as at the later.' }) changes!: ChangeView[];
}

export class OrderDiffView extends OrderDifferenceView {
  @ApiProperty({ format: 'date-time' }) from!: string;
  @ApiProperty({ format: 'date-time' }) to!: string;
}

export class AccountDiffView {
  @ApiProperty({ format: 'date-time' }) from!: string;
  @ApiProperty({ format: 'date-time' }) to!: string;
  @ApiProperty({ type: [OrderDifferenceView] }) orders!: OrderDifferenceView[];
  @ApiProperty(NEXT_CURSOR) next_cursor!: string | null;
}
