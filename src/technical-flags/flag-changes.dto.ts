import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, Length, ValidateNested } from 'class-validator';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { IntQuery } from '../platform/http/query-decorators.js';
import { ClaimProof } from './claim-proof.dto.js';
import { VisibleText } from '../platform/http/text-decorator.js';
import { FlagsView, LONGEST_INVOICE_ID } from './flags.dto.js';

/** Some 200 kB: a fifth of the largest body, decided in a second. */
const MOST_ROWS = 1_000;
/** As long as a part of an address may be. */
const LONGEST_ORDER_ID = 200;
/** Four times what a tag has. */
const LONGEST_TAG = 1_000;

export class FlagChangeRow extends ClaimProof {
  @ApiProperty({ example: '8ddc9d61-a5c7-11f0-9d1a-7b1f2f6c0a11' })
  @Length(1, LONGEST_ORDER_ID)
  order_id!: string;

  @ApiPropertyOptional({ type: Boolean, nullable: true, example: true })
  @IsOptional()
  @IsBoolean()
  is_stock_updated?: boolean | null;

  @ApiPropertyOptional({ type: Boolean, nullable: true, example: true })
  @IsOptional()
  @IsBoolean()
  has_invoice_created?: boolean | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'FV/17/2026',
    description: 'As in a change of one order; read with has_invoice_created alone.',
  })
  @IsOptional()
  @VisibleText(LONGEST_INVOICE_ID)
  invoice_id?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The etag of the flags as the caller knows them; the row is refused (412) when it is stale.',
  })
  @IsOptional()
  @Length(1, LONGEST_TAG)
  if_match?: string | null;
}

export class FlagChangesBody {
  @ApiProperty({ type: [FlagChangeRow], minItems: 1, maxItems: MOST_ROWS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ROWS)
  @ValidateNested({ each: true })
  @Type(() => FlagChangeRow)
  changes!: FlagChangeRow[];
}

export class FlagChangeView {
  @ApiProperty({ description: 'As it was asked for.' }) order_id!: string;
  @ApiProperty({ example: 200, description: '200, or the status a change of this one order would have had.' }) status!: number;
  @ApiProperty({ description: 'False when the flags said so already, or the row was refused.' }) changed!: boolean;
  @ApiProperty({ type: FlagsView, nullable: true, description: 'Afterwards; null for a refused row.' }) technical_flags!: FlagsView | null;
  @ApiProperty({ type: String, nullable: true }) etag!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'The code of docs/errors.md of a refused row.' }) code!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why a row was refused.' }) detail!: string | null;
}

export class FlagChangesView {
  @ApiProperty() success!: boolean;
  @ApiProperty({ description: 'Rows whose flags are as asked now.' }) settled!: number;
  @ApiProperty() refused!: number;
  @ApiProperty({ type: [FlagChangeView], description: 'One for each row, in the same order.' }) results!: FlagChangeView[];
}

export class FlagHistoryQuery extends TokenQuery {
  @IntQuery({ min: 1, max: 200, fallback: 50 })
  limit = 50;

  @IntQuery({ min: 1, max: 2_147_483_647, fallback: 2_147_483_647, description: 'Changes before this version: the `next_before` of the page before.' })
  before = 2_147_483_647;
}

export class FlagHistoryEntry {
  @ApiProperty({ description: 'Of the order, after the change.' }) version!: number;
  @ApiProperty({ enum: ['stock', 'invoice'] }) flag!: 'stock' | 'invoice';
  @ApiProperty({ format: 'date-time' }) changed_at!: string;
  @ApiProperty({ description: 'Who: the caller’s `sub`, or `sync` where purchases were merged.' }) actor!: string;
  @ApiProperty({ type: Object, example: { has_invoice_created: false, invoice_id: null } }) from!: object;
  @ApiProperty({ type: Object, example: { has_invoice_created: true, invoice_id: 'FV/17/2026' } }) to!: object;
}

export class FlagHistoryView {
  @ApiProperty() order_id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The order that replaced this one; changes go on there.' }) replaced_by!: string | null;
  @ApiProperty({ type: [FlagHistoryEntry], description: 'Newest first.' }) changes!: FlagHistoryEntry[];
  @ApiProperty({ type: Number, nullable: true }) next_before!: number | null;
}
