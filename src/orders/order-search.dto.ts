import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Length, ValidateBy } from 'class-validator';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { BooleanQuery, IntQuery, TextQuery } from '../platform/http/query-decorators.js';
import { foldText } from './fold-text.js';
import { OrderView, PaginationView } from './order-answers.dto.js';
import { LONGEST_INVOICE_ID } from './orders.dto.js';

/** Of fewer characters half of all orders hold any; the trigram index needs three. */
const SHORTEST_SEARCH = 3;
/** Longer than any name of an offer. */
const LONGEST_SEARCH = 200;

const Trimmed = (): PropertyDecorator => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Marks alone, or one letter under a pile of them, are three characters and yet nothing to look for. */
const HoldsLetters = (): PropertyDecorator =>
  ValidateBy({
    name: 'holdsLetters',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && foldText(value).length >= SHORTEST_SEARCH,
      defaultMessage: () => `must have ${String(SHORTEST_SEARCH)} characters besides the marks on them`,
    },
  });

export class OrderSearchQuery extends TokenQuery {
  @ApiProperty({ minLength: SHORTEST_SEARCH, maxLength: LONGEST_SEARCH, example: 'lukasz kowalski' })
  @Trimmed()
  @Length(SHORTEST_SEARCH, LONGEST_SEARCH)
  @HoldsLetters()
  query!: string;

  @IntQuery({ min: 1, max: 1_000, fallback: 50 })
  limit = 50;

  @IntQuery({ min: 0, max: 1_000, fallback: 0 })
  offset = 0;

  @BooleanQuery({ description: 'An order whose flags were never written matches false.' })
  stock_updated?: boolean;

  @BooleanQuery({ description: 'An order whose flags were never written matches false.' })
  invoice_created?: boolean;

  @TextQuery({ longest: LONGEST_INVOICE_ID })
  invoice_id?: string;
}

class FoundOrderView extends OrderView {
  @ApiProperty({
    minimum: 0,
    maximum: 1,
    description:
      '1 whole order id; 0.95 whole e-mail address or login; 0.9 whole external id, phone, tax or parcel number; 0.85 beginning of an order id; ' +
      '0.8 beginning of a name; 0.6 every word stands somewhere; at most 0.5 something alike.',
  })
  relevance_score!: number;
}

class SearchFiltersView {
  @ApiProperty() search_query!: string;
  @ApiProperty({ enum: ['contains', 'similar'], description: 'similar: nothing holds the words, these orders hold something alike.' }) search_type!: string;
  @ApiProperty({ type: Boolean, nullable: true }) stock_updated!: boolean | null;
  @ApiProperty({ type: Boolean, nullable: true }) invoice_created!: boolean | null;
  @ApiProperty({ type: String, nullable: true }) invoice_id!: string | null;
}

export class OrderSearchView {
  @ApiProperty() success!: boolean;
  @ApiProperty({ type: [FoundOrderView] }) orders!: FoundOrderView[];
  @ApiProperty({ type: PaginationView, description: 'Of more than 1,000 matches the newest 1,000 are counted and ranked.' }) pagination!: PaginationView;
  @ApiProperty({ type: SearchFiltersView }) filters!: SearchFiltersView;
}
