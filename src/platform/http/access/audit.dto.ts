import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { JsonObject } from '../../../core/json.js';
import { NotLaterThan } from '../not-later-than.js';
import { ClampedIntQuery, CursorQuery, InstantQuery } from '../query-decorators.js';
import { VisibleText } from '../text-decorator.js';
import type { AuditFilter, RecordedAudit } from './audit.read-model.js';

const MOST_PER_PAGE = 200;
/** Longer than any name of a caller, of a route, or any id. */
const LONGEST_FILTER = 300;

export class AuditQuery {
  @ApiPropertyOptional({ description: 'Who acted: the `sub` of the access token.', example: 'olga' })
  @IsOptional()
  @VisibleText(LONGEST_FILTER)
  actor?: string;

  @ApiPropertyOptional({ description: 'What was done: a route with its method, or a name.', example: 'GET /api/v1/orders' })
  @IsOptional()
  @VisibleText(LONGEST_FILTER)
  action?: string;

  @ApiPropertyOptional({ description: 'An id of what was acted upon, whatever it is: an order, a token, a webhook.' })
  @IsOptional()
  @VisibleText(LONGEST_FILTER)
  subject?: string;

  @InstantQuery({ description: 'Recorded at this instant or later.' })
  @NotLaterThan('to')
  from?: Date;

  @InstantQuery({ description: 'Recorded before this instant.' })
  to?: Date;

  @CursorQuery()
  cursor?: string;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;
}

export class AuditEntryView {
  @ApiProperty({ example: '4711' }) id!: string;
  @ApiProperty({ format: 'date-time' }) recorded_at!: string;
  @ApiProperty({ description: 'The `sub` of the access token.', example: 'olga' }) actor!: string;
  @ApiProperty({ type: [String], example: ['support'] }) actor_roles!: readonly string[];
  @ApiProperty({ description: 'Whose rows were acted upon.' }) tenant_id!: string;
  @ApiProperty({ example: 'GET /api/v1/orders/:order_id' }) action!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Ids of what was acted upon.', example: { order_id: '1f0c' } })
  subject!: JsonObject;
  @ApiProperty({ type: String, nullable: true, description: 'Why, in the words of who acted; text of people, show it as text.' }) reason!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The X-Request-ID of the call.' }) request_id!: string | null;
}

export class AuditListView {
  @ApiProperty({ type: [AuditEntryView], description: 'Newest first.' }) entries!: AuditEntryView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page.' }) next_cursor!: string | null;
}

export function auditEntryView(entry: RecordedAudit): AuditEntryView {
  return {
    id: entry.id,
    recorded_at: entry.recordedAt.toISOString(),
    actor: entry.actor,
    actor_roles: entry.actorRoles,
    tenant_id: entry.tenantId,
    action: entry.action,
    subject: entry.subject,
    reason: entry.reason,
    request_id: entry.requestId,
  };
}

export function auditFilterOf({ actor, action, subject, from, to }: AuditQuery): AuditFilter {
  return { actor: actor ?? null, action: action ?? null, subject: subject ?? null, from: from ?? null, to: to ?? null };
}
