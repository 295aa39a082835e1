import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { type QuarantineItem, QUARANTINE_STATUSES, type QuarantineStatus } from '../data-protection/quarantine.read-model.js';
import type { HeldComparison } from '../orders/held-documents.read-model.js';
import type { JsonValue } from '../core/json.js';
import { ANY_VALUE } from '../platform/http/docs/any-value.js';
import { ClampedIntQuery, IntQuery } from '../platform/http/query-decorators.js';
import { TokenIdBody, TokenIdQuery } from './sync.dto.js';

/** Items carry no documents, so a page is small. */
const MOST_PER_PAGE = 200;
/** Deeper than any quarantine. */
const DEEPEST_OFFSET = 1_000_000;
/** A reason is a sentence, not a document. */
const LONGEST_REASON = 500;
const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;
const MAYBE_TEXT = { type: String, nullable: true } as const;

export class QuarantineQuery extends TokenIdQuery {
  @ApiPropertyOptional({ enum: QUARANTINE_STATUSES })
  @IsOptional()
  @IsIn(QUARANTINE_STATUSES)
  status?: QuarantineStatus;

  @ApiPropertyOptional({ format: 'uuid', description: 'What one pause held.' })
  @IsOptional()
  @IsUUID('loose')
  pause_id?: string;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;

  @IntQuery({ min: 0, max: DEEPEST_OFFSET, fallback: 0 })
  offset = 0;
}

export class DecisionQuery extends TokenIdQuery {
  @ApiPropertyOptional({ description: 'Why, for the audit trail.' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_REASON)
  reason?: string;
}

export class ReleaseGroupBody extends TokenIdBody {
  @ApiPropertyOptional({ format: 'uuid', nullable: true, description: 'Only what this pause held; without it everything of the account that waits.' })
  @IsOptional()
  @IsUUID('loose')
  pause_id?: string;
}

export class HeldReasonView {
  @ApiProperty({ example: 'line_items_lost' })
  code!: string;

  @ApiProperty()
  detail!: string;
}

export class QuarantineItemView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: "'' where the reading names no order." })
  order_id!: string;

  @ApiProperty({ enum: ['form', 'event'] })
  kind!: string;

  @ApiProperty({ enum: QUARANTINE_STATUSES })
  status!: string;

  @ApiProperty({ type: [HeldReasonView] })
  reasons!: HeldReasonView[];

  @ApiProperty({ ...MAYBE_TEXT, format: 'uuid', description: 'The pause that held it; null when it was held by itself.' })
  pause_id!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Version of the form we held when it came.' })
  held_version!: number | null;

  @ApiProperty({ ...MAYBE_TEXT, description: "Allegro's Trace-Id of the answer." })
  allegro_trace_id!: string | null;

  @ApiProperty()
  times_seen!: number;

  @ApiProperty({ format: 'date-time' })
  observed_at!: string;

  @ApiProperty({ format: 'date-time' })
  first_seen_at!: string;

  @ApiProperty({ format: 'date-time' })
  last_seen_at!: string;

  @ApiProperty(MAYBE_INSTANT)
  decided_at!: string | null;

  @ApiProperty(MAYBE_TEXT)
  decided_by!: string | null;
}

export class QuarantineListView {
  @ApiProperty({ type: [QuarantineItemView] })
  items!: QuarantineItemView[];

  @ApiProperty()
  total!: number;
}

export class ChangedPlaceView {
  @ApiProperty()
  path!: string;

  @ApiProperty({ ...ANY_VALUE, description: 'As held now.' })
  old!: unknown;

  @ApiProperty({ ...ANY_VALUE, description: 'As it came.' })
  new!: unknown;
}

export class QuarantineDetailView extends QuarantineItemView {
  @ApiProperty({ ...ANY_VALUE, example: { status: 'CANCELLED', lineItems: [] }, description: 'The whole reading; null when it was erased or has expired.' })
  document!: unknown;

  @ApiProperty({ type: Object, nullable: true, example: { status: 'READY_FOR_PROCESSING', lineItems: [] }, description: 'The order as it is held now.' })
  held_now!: unknown;

  @ApiProperty({ type: [ChangedPlaceView] })
  changes!: ChangedPlaceView[];
}

export class DecisionView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['released', 'rejected', 'superseded'] })
  status!: string;

  @ApiProperty()
  message!: string;
}

export class GroupReleaseView {
  @ApiProperty()
  released!: number;

  @ApiProperty({ description: 'A newer form of the order had landed already.' })
  superseded!: number;

  @ApiProperty({ description: 'Cannot be released; each says why when it is released by itself.' })
  left!: number;
}

export function itemView(item: QuarantineItem): QuarantineItemView {
  return {
    id: item.id,
    order_id: item.orderId,
    kind: item.kind,
    status: item.status,
    reasons: item.reasons.map(({ code, detail }) => ({ code, detail })),
    pause_id: item.pauseId,
    held_version: item.heldVersion,
    allegro_trace_id: item.traceId,
    times_seen: item.timesSeen,
    observed_at: item.observedAt.toISOString(),
    first_seen_at: item.firstSeenAt.toISOString(),
    last_seen_at: item.lastSeenAt.toISOString(),
    decided_at: item.decidedAt?.toISOString() ?? null,
    decided_by: item.decidedBy,
  };
}

export function detailView(item: QuarantineItem, document: JsonValue, compared: HeldComparison | null): QuarantineDetailView {
  const changes = compared?.changes.map(({ path, old, new: now }) => ({ path, old, new: now })) ?? [];
  return { ...itemView(item), document, held_now: compared?.held ?? null, changes };
}
