import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { IntQuery } from '../platform/http/query-decorators.js';
import type { Purpose } from './claim-check.js';
import { FlagsView } from './flags.dto.js';

const PURPOSES: readonly Purpose[] = ['stock', 'invoice'];
/** Long enough to write an invoice, short enough that a crashed worker's orders are free again before anybody misses them. */
const USUAL_TTL_SECONDS = 300;
const SHORTEST_TTL_SECONDS = 5;
/** A holder that needs longer renews. */
const LONGEST_TTL_SECONDS = 3_600;
const LARGEST_TOKEN = 2_147_483_647;

class TtlBody {
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: SHORTEST_TTL_SECONDS, maximum: LONGEST_TTL_SECONDS, default: USUAL_TTL_SECONDS })
  @IsOptional()
  @IsInt()
  @Min(SHORTEST_TTL_SECONDS)
  @Max(LONGEST_TTL_SECONDS)
  ttl_seconds: number | null = USUAL_TTL_SECONDS;
}

/** How long a claim is asked for, in seconds. */
export const ttlSecondsOf = ({ ttl_seconds: seconds }: TtlBody): number => seconds ?? USUAL_TTL_SECONDS;

export class ClaimBody extends TtlBody {
  @ApiProperty({ enum: PURPOSES, example: 'invoice', description: 'The flag the work leads to; nobody else may set it while the claim lives.' })
  @IsIn(PURPOSES)
  purpose!: Purpose;
}

export class RenewalBody extends TtlBody {
  @ApiProperty({ type: 'integer', example: 1 })
  @IsInt()
  @Min(1)
  @Max(LARGEST_TOKEN)
  fencing_token!: number;
}

export class ReleaseQuery extends TokenQuery {
  // Whoever leaves it out is refused, as with 0.
  @ApiProperty({ required: true, example: 1, default: 1 })
  @IntQuery({ min: 1, max: LARGEST_TOKEN, fallback: 0, description: 'Of the claim that is given back.' })
  fencing_token = 0;
}

export class ClaimsQuery extends TokenQuery {
  @ApiPropertyOptional({ enum: PURPOSES })
  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;

  @IntQuery({ min: 1, max: 200, fallback: 100 })
  limit = 100;

  @ApiPropertyOptional({ description: 'The `next` of the page before.' })
  @IsOptional()
  @Matches(/^\d{1,18}\.(?:stock|invoice)$/, { message: 'after must be the next of a page' })
  after?: string;
}

export class ClaimView {
  @ApiProperty({ format: 'uuid', description: 'Proves the claim, together with the fencing token; shown to nobody else.' }) lease_id!: string;
  @ApiProperty({ example: 1, description: 'Grows with every claim on the order for this purpose.' }) fencing_token!: number;
  @ApiProperty({ description: 'The claimed order; where the named one was replaced, the one that replaced it.' }) order_id!: string;
  @ApiProperty({ enum: PURPOSES, example: 'invoice' }) purpose!: Purpose;
  @ApiProperty({ format: 'date-time' }) claimed_at!: string;
  @ApiProperty({ format: 'date-time', description: 'Then the order is free again, unless the claim is renewed.' }) expires_at!: string;
  @ApiProperty({ type: FlagsView, description: 'As they are now: nobody else changes the one of this purpose meanwhile.' }) technical_flags!: FlagsView;
  @ApiProperty({ description: 'Of the flags, for If-Match.' }) etag!: string;
}

export class RenewalView {
  @ApiProperty({ format: 'uuid' }) lease_id!: string;
  @ApiProperty({ format: 'date-time' }) expires_at!: string;
}

export class ReleaseView {
  @ApiProperty({ format: 'uuid' }) lease_id!: string;
  @ApiProperty({ description: 'False when the claim had ended already.' }) released!: boolean;
}

export class HeldClaimView {
  @ApiProperty() order_id!: string;
  @ApiProperty({ enum: PURPOSES, example: 'invoice' }) purpose!: Purpose;
  @ApiProperty({ description: 'Who: the `sub` of the access token.' }) holder!: string;
  @ApiProperty({ format: 'date-time' }) claimed_at!: string;
  @ApiProperty({ format: 'date-time' }) expires_at!: string;
}

export class ClaimListView {
  @ApiProperty({ type: [HeldClaimView] }) claims!: HeldClaimView[];
  @ApiProperty({ type: String, nullable: true, description: 'For `after`; null on the last page.' }) next!: string | null;
}
