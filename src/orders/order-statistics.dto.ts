import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsTimeZone } from 'class-validator';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { IntQuery } from '../platform/http/query-decorators.js';
import { EmptyIsAbsent } from '../platform/http/query-decorators.js';

const countsByName = { type: 'object', additionalProperties: { type: 'integer' }, example: { READY_FOR_PROCESSING: 12 } } as const;
const amountsByCurrency = {
  type: 'object',
  additionalProperties: { type: 'string' },
  example: { PLN: '1558.80' },
  description: 'Exact decimals by currency.',
} as const;

export class OrderStatisticsQuery extends TokenQuery {
  @IntQuery({ min: 1, max: 365, fallback: 30, description: 'Calendar days, today included.' })
  days = 30;

  @ApiPropertyOptional({ default: 'Europe/Warsaw', description: 'Time zone whose days are counted.' })
  @EmptyIsAbsent()
  @IsOptional()
  @IsTimeZone()
  tz?: string;
}

export class CurrencyView {
  @ApiProperty({ description: 'Exact decimal.' }) total_revenue!: string;
  @ApiProperty({ description: 'Exact decimal, rounded to two places.' }) average_order_value!: string;
  @ApiProperty() orders_with_revenue!: number;
}

class FinancialView {
  @ApiProperty({ description: "The account's own currency, which the numbers are of." }) currency!: string;
  @ApiProperty({ example: 1558.8 }) total_revenue!: number;
  @ApiProperty({ example: 129.9 }) average_order_value!: number;
  @ApiProperty({ description: 'Orders that were not cancelled and carry an amount.' }) orders_with_revenue!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/CurrencyView' },
    example: { PLN: { total_revenue: '1558.80', average_order_value: '129.90', orders_with_revenue: 12 } },
  })
  by_currency!: Record<string, CurrencyView>;
}

class DayView {
  @ApiProperty({ format: 'date' }) day!: string;
  @ApiProperty() orders!: number;
  @ApiProperty(amountsByCurrency) by_currency!: Record<string, string>;
}

class TopBuyerView {
  @ApiProperty() email!: string;
  @ApiProperty() orders_count!: number;
  @ApiProperty({ description: "Of the account's own currency." }) total_spent!: number;
  @ApiProperty(amountsByCurrency) by_currency!: Record<string, string>;
}

export class OrderStatisticsView {
  @ApiProperty() success!: boolean;
  @ApiProperty() period_days!: number;
  @ApiProperty() time_zone!: string;
  @ApiProperty() total_orders!: number;
  @ApiProperty({ description: 'Orders bought within the period.' }) recent_orders!: number;
  @ApiProperty({ ...countsByName, description: 'Of the whole account.' }) status_distribution!: Record<string, number>;
  @ApiProperty({ ...countsByName, description: 'Of the period.' }) recent_status_distribution!: Record<string, number>;
  @ApiProperty({ ...countsByName, example: { 'allegro-pl': 12 }, description: 'Of the period.' }) by_marketplace!: Record<string, number>;
  @ApiProperty({ type: [DayView] }) by_day!: readonly DayView[];
  @ApiProperty({ type: FinancialView, description: 'Of the period.' }) financial!: FinancialView;
  @ApiProperty({ type: [TopBuyerView], description: 'Of the period.' }) top_buyers!: TopBuyerView[];
  @ApiProperty({ format: 'date-time' }) generated_at!: string;
}
