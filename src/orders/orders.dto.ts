import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { BooleanQuery, ChoiceQuery, CursorQuery, EmptyIsAbsent, InstantQuery, IntQuery, TextQuery } from '../platform/http/query-decorators.js';

/** Allegro's longest status has 20 characters; new ones may be longer. */
const LONGEST_STATUS = 50;
/** As long as an invoice id can be set. */
export const LONGEST_INVOICE_ID = 255;
/** Longer than any name of a delivery method. */
const LONGEST_VALUE = 200;
/** A page at this depth takes a second at 10 million orders; who wants to read further reads the export or narrows the dates. */
const DEEPEST_OFFSET = 1_000_000;

class OrderListQuery extends TokenQuery {
  @IntQuery({ min: 1, max: 100, fallback: 50 })
  limit = 50;

  @IntQuery({ min: 0, max: DEEPEST_OFFSET, fallback: 0 })
  offset = 0;

  @TextQuery({ longest: LONGEST_STATUS, description: 'Matches the status of the order or of its fulfilment.' })
  status?: string;

  @InstantQuery({ description: 'Orders bought at this instant or later.' })
  from_date?: Date;

  @InstantQuery({ description: 'Orders bought at this instant or earlier.' })
  to_date?: Date;

  @BooleanQuery({ description: 'An order whose flags were never written matches false.' })
  stock_updated?: boolean;

  @BooleanQuery({ description: 'An order whose flags were never written matches false.' })
  invoice_created?: boolean;

  @TextQuery({ longest: LONGEST_INVOICE_ID })
  invoice_id?: string;
}

/** A filter by the exact value of a column. */
const ValueFilter = (description: string): PropertyDecorator => TextQuery({ longest: LONGEST_VALUE, description });

export class OrderPageQuery extends OrderListQuery {
  @CursorQuery({ description: '`next_cursor` of the page before; goes on behind it whatever was added meanwhile. `offset` is then ignored.' })
  cursor?: string;

  @ChoiceQuery({ values: ['bought', 'updated'], fallback: 'bought', description: 'Newest first by the order date, or by our last change of the order.' })
  sort?: 'bought' | 'updated';

  @ValueFilter("Allegro's status alone.")
  order_status?: string;

  @ValueFilter("The seller's fulfilment status alone.")
  fulfillment_status?: string;

  @ValueFilter('Such as allegro-pl.')
  marketplace?: string;

  @ValueFilter('Such as ONLINE or CASH_ON_DELIVERY.')
  payment_type?: string;

  @ValueFilter("The delivery method's name.")
  delivery_method?: string;

  @InstantQuery({ description: 'To be dispatched at this instant or later.' })
  dispatch_from?: Date;

  @InstantQuery({ description: 'To be dispatched at this instant or earlier.' })
  dispatch_to?: Date;

  @ApiPropertyOptional({
    description: 'Top-level members to answer, separated by commas: `id,status,lineItems`; what an order does not have is left out. All when absent.',
  })
  @EmptyIsAbsent()
  @IsOptional()
  @Matches(/^[A-Za-z_]{1,50}(?:,[A-Za-z_]{1,50}){0,49}$/, { message: 'fields must be names separated by commas' })
  fields?: string;
}

export class OneOrderQuery extends TokenQuery {
  @InstantQuery({ description: 'The order as we knew it at this instant, rebuilt from the log.' })
  as_of?: Date;

  @InstantQuery({ description: "The order as it was at this instant by Allegro's own times, rebuilt from the log." })
  occurred_as_of?: Date;
}

export class JournalEventsQuery extends TokenQuery {
  @IntQuery({ min: 1, max: 1_000, fallback: 100 })
  limit = 100;

  @InstantQuery({ description: 'Events that occurred at this instant or later.' })
  from_timestamp?: Date;
}
