import { ApiProperty } from '@nestjs/swagger';

const amount = { example: '1558.80', description: 'Exact decimal.' } as const;
const byCurrency = (name: string, example: object) =>
  ({
    type: 'object',
    additionalProperties: { $ref: `#/components/schemas/${name}` },
    example,
    description: 'By currency; never added up across currencies.',
  }) as const;
const share = { minimum: 0, maximum: 1, example: 0.0312, description: 'Of the orders, rounded to four digits.' } as const;
const maybe = { type: 'integer', nullable: true, description: 'null where nothing was measured.' } as const;

/** What every report begins with. */
class ReportView {
  @ApiProperty() success!: boolean;
  @ApiProperty({ format: 'date-time', description: 'Orders bought at this instant or later.' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'Orders bought before this instant.' }) to!: string;
  @ApiProperty({ example: 'Europe/Warsaw', description: 'Whose days are meant.' }) time_zone!: string;
  @ApiProperty({ type: String, nullable: true, example: 'allegro-pl' }) marketplace!: string | null;
}

export class RevenueView {
  @ApiProperty(amount) revenue!: string;
  @ApiProperty({ description: 'Orders that were not cancelled and carry an amount.' }) orders_with_revenue!: number;
  @ApiProperty({ type: String, nullable: true, example: '129.90', description: 'Exact decimal, rounded to two places.' }) average_order_value!: string | null;
}
const revenueExample = { PLN: { revenue: '1558.80', orders_with_revenue: 12, average_order_value: '129.90' } };

export class SalesTotalsView {
  @ApiProperty({ example: 13, description: 'Cancelled ones too; an order that replaced others counts once.' }) orders!: number;
  @ApiProperty({ example: 1 }) cancelled!: number;
  @ApiProperty(byCurrency('RevenueView', revenueExample)) by_currency!: Record<string, RevenueView>;
}

export class SalesGroupView extends SalesTotalsView {
  @ApiProperty({ example: '2026-03-01', description: 'Day, ISO week (2026-W09), month (2026-03), or the value; UNKNOWN where Allegro said none.' })
  key!: string;
}

export class SalesReportView extends ReportView {
  @ApiProperty({ example: 'day' }) group_by!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) status!: string | null;
  @ApiProperty({ type: SalesTotalsView }) totals!: SalesTotalsView;
  @ApiProperty({ type: [SalesGroupView] }) groups!: SalesGroupView[];
}

export class CancelledAmountView {
  @ApiProperty({ ...amount, example: '99.90' }) amount!: string;
  @ApiProperty({ description: 'Cancelled orders that carry an amount.' }) orders!: number;
}

export class CancellationTotalsView {
  @ApiProperty({ example: 32 }) orders!: number;
  @ApiProperty({ example: 1, description: 'Status CANCELLED.' }) cancelled!: number;
  @ApiProperty(share) share!: number;
  @ApiProperty({ description: 'Fulfilment CANCELLED while the order is not: what only the seller called off.' }) cancelled_by_seller!: number;
  @ApiProperty(byCurrency('CancelledAmountView', { PLN: { amount: '99.90', orders: 1 } })) by_currency!: Record<string, CancelledAmountView>;
}

export class CancellationGroupView extends CancellationTotalsView {
  @ApiProperty({ example: '2026-03-01', description: 'Day, ISO week or month in which the orders were bought.' }) key!: string;
}

export class CancellationsReportView extends ReportView {
  @ApiProperty({ example: 'day' }) group_by!: string;
  @ApiProperty({ type: CancellationTotalsView }) totals!: CancellationTotalsView;
  @ApiProperty({ type: [CancellationGroupView], description: 'Those with orders.' }) groups!: CancellationGroupView[];
}

export class DurationView {
  @ApiProperty({ example: 11, description: 'How many were measured.' }) orders!: number;
  @ApiProperty({ ...maybe, example: 1312 }) median_minutes!: number | null;
  @ApiProperty({ ...maybe, example: 2880 }) p90_minutes!: number | null;
}

export class FulfilmentTotalsView {
  @ApiProperty({ type: DurationView, description: 'From ready for processing to sent.' }) sent!: DurationView;
  @ApiProperty({ type: DurationView, description: 'From ready for processing to picked up.' }) picked_up!: DurationView;
}

export class FulfilmentGroupView extends FulfilmentTotalsView {
  @ApiProperty({ example: '2026-03-01', description: 'Day, ISO week or month in which the orders were bought, or the marketplace.' }) key!: string;
}

export class FulfilmentReportView extends ReportView {
  @ApiProperty({ example: 'day' }) group_by!: string;
  @ApiProperty({ example: 13, description: 'Orders of the span that were not cancelled, measured or not.' }) orders!: number;
  @ApiProperty({ type: FulfilmentTotalsView }) totals!: FulfilmentTotalsView;
  @ApiProperty({ type: [FulfilmentGroupView], description: 'Those in which something was measured.' }) groups!: FulfilmentGroupView[];
}

export class OfferRevenueView {
  @ApiProperty(amount) revenue!: string;
  @ApiProperty({ example: 12 }) orders!: number;
  @ApiProperty({ example: '14', description: 'Pieces.' }) quantity!: string;
}

export class TopOfferView {
  @ApiProperty({ example: '7000000001' }) offer_id!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Brick set', description: 'What it was called lately.' }) name!: string | null;
  @ApiProperty({ example: 12, description: 'Orders with it that were not cancelled.' }) orders!: number;
  @ApiProperty({ example: 14 }) quantity!: number;
  @ApiProperty(byCurrency('OfferRevenueView', { PLN: { revenue: '1558.80', orders: 12, quantity: '14' } })) by_currency!: Record<string, OfferRevenueView>;
}

export class TopOffersReportView extends ReportView {
  @ApiProperty({ example: 'quantity' }) sort!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) currency!: string | null;
  @ApiProperty({ type: [TopOfferView] }) offers!: TopOfferView[];
}

export class TopBuyerReportRow {
  @ApiProperty({ type: String, nullable: true, example: 'buyer@example.com', description: 'Of the last order.' }) email!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'brickfan' }) login!: string | null;
  @ApiProperty({ example: 3, description: 'Not cancelled.' }) orders!: number;
  @ApiProperty({ example: 0 }) cancelled!: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { PLN: '389.70' }, description: 'Spent, exact decimals by currency.' })
  by_currency!: Record<string, string>;
}

export class TopBuyersReportView extends ReportView {
  @ApiProperty({ example: 'orders' }) sort!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) currency!: string | null;
  @ApiProperty({ type: [TopBuyerReportRow] }) buyers!: TopBuyerReportRow[];
}
