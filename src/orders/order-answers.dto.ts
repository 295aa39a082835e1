import { ApiProperty } from '@nestjs/swagger';
import { ANY_VALUE } from '../platform/http/docs/any-value.js';
import { CheckoutFormMembers } from './checkout-form.dto.js';

export class PaginationView {
  @ApiProperty() total!: number;
  @ApiProperty() limit!: number;
  @ApiProperty() offset!: number;
  @ApiProperty() has_next!: boolean;
  @ApiProperty() has_prev!: boolean;
}

export class OrderFlagsMember {
  @ApiProperty() is_stock_updated!: boolean;
  @ApiProperty() has_invoice_created!: boolean;
  @ApiProperty({ type: String, nullable: true }) invoice_id!: string | null;
}

export class KeptMember {
  @ApiProperty({ description: 'A place of the document that the freshest form leaves empty.' }) path!: string;
  @ApiProperty({ description: 'Version of the event its value was taken from.' }) version!: number;
}

/** Allegro's checkout form as last known, all its keys, and these. */
export class OrderView extends CheckoutFormMembers {
  @ApiProperty() db_id!: string;
  @ApiProperty({ format: 'uuid' }) token_id!: string;
  @ApiProperty() allegro_order_id!: string;
  @ApiProperty({ format: 'date-time' }) db_created_at!: string;
  @ApiProperty({ format: 'date-time' }) db_updated_at!: string;
  @ApiProperty({ type: OrderFlagsMember }) technical_flags!: OrderFlagsMember;
  @ApiProperty() version!: number;
  @ApiProperty({ type: [KeptMember] }) kept!: KeptMember[];
  @ApiProperty({ type: String, nullable: true, description: 'The order that replaced it when several purchases were paid together.' }) merged_into!:
    string | null;
  @ApiProperty({ type: [String], description: 'The orders it replaced.' }) merged_from!: string[];
  @ApiProperty({ description: 'The flags of the orders it replaced disagreed: a person has to look.' }) attention!: boolean;
}

export class OrderFiltersView {
  @ApiProperty({ type: String, nullable: true }) status!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) from_date!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) to_date!: string | null;
  @ApiProperty({ type: Boolean, nullable: true }) stock_updated!: boolean | null;
  @ApiProperty({ type: Boolean, nullable: true }) invoice_created!: boolean | null;
  @ApiProperty({ type: String, nullable: true }) invoice_id!: string | null;
}

export class OrderListView {
  @ApiProperty() success!: boolean;
  @ApiProperty({ type: [OrderView] }) orders!: OrderView[];
  @ApiProperty({ type: PaginationView }) pagination!: PaginationView;
  @ApiProperty({ type: OrderFiltersView }) filters!: OrderFiltersView;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Ask for the next page with it as `cursor`; null on the last page. The `Link` header holds the whole address.',
  })
  next_cursor!: string | null;
}

export class OneOrderView {
  @ApiProperty() success!: boolean;
  @ApiProperty({ type: OrderView }) order!: OrderView;
  @ApiProperty({ type: [OrderView] }) orders!: OrderView[];
  @ApiProperty({ type: PaginationView }) pagination!: PaginationView;
}

export class JournalEventsView {
  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    example: [{ id: '1772446530123456', type: 'BOUGHT', occurredAt: '2026-03-02T10:15:30.000Z' }],
    description: "Allegro's journal events as stored, oldest first.",
  })
  events!: object[];
  @ApiProperty() total_count!: number;
  @ApiProperty() has_more!: boolean;
  @ApiProperty({ type: String, nullable: true }) error!: string | null;
}

export class ChangeView {
  @ApiProperty() path!: string;
  @ApiProperty({ ...ANY_VALUE, description: 'null: was absent or null.' }) old!: unknown;
  @ApiProperty({ ...ANY_VALUE, description: 'null: is absent or null.' }) new!: unknown;
}

export class AllegroEventView {
  @ApiProperty({ type: String, nullable: true }) id!: string | null;
  @ApiProperty({ type: String, nullable: true }) type!: string | null;
}

export class TimelineEventView {
  @ApiProperty() version!: number;
  @ApiProperty() type!: string;
  @ApiProperty({ enum: ['journal', 'form', 'service'] }) source!: string;
  @ApiProperty({ format: 'date-time', description: 'When it happened.' }) occurred_at!: string;
  @ApiProperty({ format: 'date-time', description: 'When we fetched it.' }) observed_at!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was written to the log.' }) recorded_at!: string;
  @ApiProperty() actor!: string;
  @ApiProperty({ type: String, nullable: true }) causation_id!: string | null;
  @ApiProperty({ type: String, nullable: true, description: "Allegro's Trace-Id." }) trace_id!: string | null;
  @ApiProperty({ type: AllegroEventView, nullable: true }) allegro_event!: AllegroEventView | null;
  @ApiProperty({ type: [ChangeView] }) changes!: ChangeView[];
  @ApiProperty({ type: [KeptMember] }) kept!: KeptMember[];
}

export class TimelineView {
  @ApiProperty() order_id!: string;
  @ApiProperty({ format: 'uuid' }) token_id!: string;
  @ApiProperty({ type: [TimelineEventView] }) events!: TimelineEventView[];
  @ApiProperty() total!: number;
}

export class ReplayView {
  @ApiProperty() success!: boolean;
  @ApiProperty() order_id!: string;
  @ApiProperty({ description: 'Version of the stream that was replayed.' }) version!: number;
  @ApiProperty() events_replayed!: number;
  @ApiProperty({ type: [ChangeView], description: 'What the projection held (old) and what the log says (new).' }) differences!: ChangeView[];
  @ApiProperty() repaired!: boolean;
  @ApiProperty() message!: string;
}
