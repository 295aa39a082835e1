import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Matches, Max, Min, ValidateIf } from 'class-validator';
import { UUID } from '../core/uuid.js';
import type { ShownClaim } from './claim-check.js';

/** A column of PostgreSQL; an order claimed each second gets there in 68 years. */
const LARGEST_TOKEN = 2_147_483_647;

/** How the holder of a claim proves it: both members or none. */
export class ClaimProof {
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, description: 'Of the claim the caller holds on this order.' })
  @ValidateIf(isProof)
  @Matches(UUID, { message: '$property must be the lease_id of a claim, together with its fencing_token' })
  lease_id?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    description: 'Of the same claim; one from before somebody else claimed the order is refused.',
  })
  @ValidateIf(isProof)
  @IsInt({ message: '$property must be the fencing_token of a claim, together with its lease_id' })
  @Min(1)
  @Max(LARGEST_TOKEN)
  fencing_token?: number | null;
}

function isProof({ lease_id: leaseId, fencing_token: token }: ClaimProof): boolean {
  return (leaseId ?? token ?? null) !== null;
}

/** The claim a body shows; null when it shows none. */
export function shownClaim({ lease_id: leaseId, fencing_token: fencingToken }: ClaimProof): ShownClaim | null {
  return typeof leaseId === 'string' && typeof fencingToken === 'number' ? { leaseId: leaseId.toLowerCase(), fencingToken } : null;
}
