import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsDate, IsIn, IsOptional } from 'class-validator';
import { OverlapHours, USUAL_OVERLAP_HOURS } from '../platform/http/overlap-hours.decorator.js';
import { KEY_SCOPES, type KeyScope } from '../platform/http/access/key-scopes.js';
import { visiblePartOf } from '../platform/http/access/machine-key.js';
import { ClampedIntQuery, CursorQuery, InstantQuery, RequiredInstant } from '../platform/http/query-decorators.js';
import { VisibleText } from '../platform/http/text-decorator.js';
import type { MachineKey } from './machine-keys.read-model.js';

const LONGEST_NAME = 100;
/** More than a tenant may have alive. */
const MOST_PER_PAGE = 100;
const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;
const SCOPES = { enum: KEY_SCOPES, isArray: true, example: ['orders:read', 'flags:write'] } as const;
const EXAMPLE_KEY = `aolk_0190aaaabbbb4ccc8dddeeeeffff0000_${'0'.repeat(64)}`;

export class CreateKeyBody {
  @ApiProperty({ description: 'Which machine it is for.', example: 'Warehouse', minLength: 1, maxLength: LONGEST_NAME })
  @VisibleText(LONGEST_NAME)
  name!: string;

  @ApiProperty({
    ...SCOPES,
    minItems: 1,
    maxItems: KEY_SCOPES.length,
    uniqueItems: true,
    description: 'What it may do; without `personal-data:read` it is shown no buyer.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(KEY_SCOPES.length)
  @ArrayUnique()
  @IsIn(KEY_SCOPES, { each: true })
  scopes!: KeyScope[];

  @RequiredInstant({ description: 'It ends then; within 366 days.', example: '2027-03-01T12:00:00Z' })
  expires_at!: Date;
}

export class RotateKeyBody {
  @OverlapHours('So long both secrets are taken.')
  overlap_hours?: number | null;

  @InstantQuery({ nullable: true, description: 'A new end, within 366 days; without it the key ends when it would have.' })
  @IsOptional()
  @IsDate()
  expires_at?: Date | null;
}

/** @returns hours */
export const overlapOf = ({ overlap_hours: hours }: RotateKeyBody): number => hours ?? USUAL_OVERLAP_HOURS;

export class KeysQuery {
  @CursorQuery()
  cursor?: string;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;
}

export class MachineKeyView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'Warehouse' }) name!: string;
  @ApiProperty({ description: 'How the key begins.', example: 'aolk_0190aaaabbbb4ccc8dddeeeeffff0000' }) prefix!: string;
  @ApiProperty(SCOPES) scopes!: readonly string[];
  @ApiProperty({ enum: ['active', 'expired', 'revoked'] }) state!: string;
  @ApiProperty({ description: 'The `sub` of who made it.', example: 'anna' }) created_by!: string;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) expires_at!: string;
  @ApiProperty({ ...MAYBE_INSTANT, description: 'To the minute.' }) last_used_at!: string | null;
  @ApiProperty(MAYBE_INSTANT) rotated_at!: string | null;
  @ApiProperty({ ...MAYBE_INSTANT, description: 'Until then the secret before the present one is taken too.' }) previous_secret_until!: string | null;
  @ApiProperty(MAYBE_INSTANT) revoked_at!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) revoked_by!: string | null;
}

export class ShownMachineKeyView extends MachineKeyView {
  @ApiProperty({ description: 'Shown this once.', example: EXAMPLE_KEY }) key!: string;
}

export class MachineKeyListView {
  @ApiProperty({ type: [MachineKeyView], description: 'Newest first.' }) keys!: MachineKeyView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page.' }) next_cursor!: string | null;
}

const text = (instant: Date | null): string | null => instant?.toISOString() ?? null;

export function machineKeyView(key: MachineKey): MachineKeyView {
  return {
    id: key.id,
    name: key.name,
    prefix: visiblePartOf(key.id),
    scopes: key.scopes,
    state: key.state,
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt.toISOString(),
    last_used_at: text(key.lastUsedAt),
    rotated_at: text(key.rotatedAt),
    previous_secret_until: text(key.previousUntil),
    revoked_at: text(key.revokedAt),
    revoked_by: key.revokedBy,
  };
}
