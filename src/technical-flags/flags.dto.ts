import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { VisibleText } from '../platform/http/text-decorator.js';
import { ClaimProof } from './claim-proof.dto.js';

/** Longer than any invoice number of any accounting system we know, short enough for an index. */
export const LONGEST_INVOICE_ID = 255;

export class StockStatusBody extends ClaimProof {
  @ApiProperty({ example: true })
  @IsBoolean()
  is_stock_updated!: boolean;
}

export class InvoiceStatusBody extends ClaimProof {
  @ApiProperty({ example: true })
  @IsBoolean()
  has_invoice_created!: boolean;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'FV/17/2026',
    description: 'Unique in the account. Left out or null: the known id is kept; without an invoice it is cleared.',
  })
  @IsOptional()
  @VisibleText(LONGEST_INVOICE_ID)
  invoice_id?: string | null;
}

export class StockStatusView {
  @ApiProperty() success!: boolean;
  @ApiProperty() order_id!: string;
  @ApiProperty() is_stock_updated!: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) updated_at!: string | null;
  @ApiProperty() message!: string;
}

export class InvoiceStatusView {
  @ApiProperty() success!: boolean;
  @ApiProperty() order_id!: string;
  @ApiProperty() has_invoice_created!: boolean;
  @ApiProperty({ type: String, nullable: true }) invoice_id!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) updated_at!: string | null;
  @ApiProperty() message!: string;
}

export class FlagsView {
  @ApiProperty() is_stock_updated!: boolean;
  @ApiProperty() has_invoice_created!: boolean;
  @ApiProperty({ type: String, nullable: true }) invoice_id!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null until a flag was written.' }) created_at!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) updated_at!: string | null;
}

export class OrderFlagsView {
  @ApiProperty() order_id!: string;
  @ApiProperty({ type: FlagsView }) technical_flags!: FlagsView;
}

export class FlagCounts {
  @ApiProperty({ description: 'Orders of which a flag was written.' }) total_orders_with_flags!: number;
  @ApiProperty() stock_updated_orders!: number;
  @ApiProperty() invoices_created_orders!: number;
  @ApiProperty({ description: 'Of the orders with flags.' }) stock_updated_percentage!: number;
  @ApiProperty({ description: 'Of the orders with flags.' }) invoices_created_percentage!: number;
  @ApiProperty() total_orders!: number;
  @ApiProperty() stock_pending!: number;
  @ApiProperty() invoices_pending!: number;
}

export class FlagsSummaryView {
  @ApiProperty({ format: 'uuid' }) token_id!: string;
  @ApiProperty({ type: FlagCounts }) summary!: FlagCounts;
  @ApiProperty({ format: 'date-time' }) generated_at!: string;
}
