import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import type { ExportFilter } from '../orders/orders-for-export.read-model.js';
import { BooleanQuery, ChoiceQuery, InstantQuery, TextQuery } from '../platform/http/query-decorators.js';
import type { Delimiter } from './csv.js';
import type { ExportFormat } from './rendition.js';

/** Longer than any name or status of Allegro. */
const LONGEST_VALUE = 200;
/** As long as an invoice id can be set. */
const LONGEST_INVOICE_ID = 255;
const STATES = ['waiting', 'running', 'ready', 'failed', 'expired', 'erased'] as const;
const MAYBE = { nullable: true, type: String } as const;

const ValueFilter = (description: string, longest = LONGEST_VALUE): PropertyDecorator => TextQuery({ longest, nullable: true, description });

const OneOf = (values: readonly string[], fallback: string, description: string): PropertyDecorator =>
  ChoiceQuery({ values, fallback, nullable: true, description });

/** What is exported and how, in a query or a body; the filters are those of the list. */
export class OrderExportRequest implements ExportFilter {
  @ApiProperty({ format: 'uuid', description: 'The token whose account is meant.' })
  @IsUUID('loose')
  token_id!: string;

  @OneOf(['csv', 'json', 'ndjson'], 'csv', 'JSON and NDJSON hold the orders as the list answers them; the columns of CSV are those of docs/exports.md.')
  format?: ExportFormat;

  @OneOf([',', ';'], ',', 'Of CSV. Excel with Polish settings reads `;`.')
  delimiter?: Delimiter;

  @BooleanQuery({ nullable: true, description: 'CSV begins with a byte order mark, by which Excel knows UTF-8.' })
  bom?: boolean;

  @ValueFilter('Matches the status of the order or of its fulfilment.')
  status?: string;

  @InstantQuery({ nullable: true, description: 'Orders bought at this instant or later.' })
  from_date?: Date;

  @InstantQuery({ nullable: true, description: 'Orders bought at this instant or earlier.' })
  to_date?: Date;

  @BooleanQuery({ nullable: true, description: 'An order whose flags were never written matches false.' })
  stock_updated?: boolean;

  @BooleanQuery({ nullable: true, description: 'An order whose flags were never written matches false.' })
  invoice_created?: boolean;

  @ValueFilter('The order with this invoice.', LONGEST_INVOICE_ID)
  invoice_id?: string;

  @OneOf(['bought', 'updated'], 'bought', 'Newest first by the order date, or by our last change of the order.')
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

  @InstantQuery({ nullable: true, description: 'To be dispatched at this instant or later.' })
  dispatch_from?: Date;

  @InstantQuery({ nullable: true, description: 'To be dispatched at this instant or earlier.' })
  dispatch_to?: Date;
}

export class ExportView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: STATES, example: 'running', description: 'The file can be fetched while it is `ready`.' }) state!: (typeof STATES)[number];
  @ApiProperty({ enum: ['csv', 'json', 'ndjson'], example: 'csv' }) format!: ExportFormat;
  @ApiProperty({
    example: true,
    description: 'Whether the file holds the personal data of buyers; of one ordered without `personal-data:read` it is withheld.',
  })
  personal_data!: boolean;
  @ApiProperty({ type: Number, example: 0.4, description: '0 to 1.' }) progress!: number;
  @ApiProperty({ type: 'integer', example: 40_000, description: 'Orders written so far.' }) rows!: number;
  @ApiProperty({ type: 'integer', nullable: true, example: 100_000, description: 'Orders chosen; null until the first run began.' })
  rows_total!: number | null;
  @ApiProperty({ type: 'integer', example: 31_457_280, description: 'Bytes written so far.' }) bytes!: number;
  @ApiProperty({ ...MAYBE, description: 'Of the whole file, in hexadecimal digits; also its ETag.' }) sha256!: string | null;
  @ApiProperty({ ...MAYBE, format: 'date-time', description: 'The instant at which its orders were chosen.' }) snapshot_at!: string | null;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ ...MAYBE, format: 'date-time' }) finished_at!: string | null;
  @ApiProperty({ ...MAYBE, format: 'date-time', description: 'The file is deleted then.' }) expires_at!: string | null;
  @ApiProperty({ format: 'uuid', description: 'The task that writes it.' }) task_id!: string;
}
