import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { OverlapHours } from '../platform/http/overlap-hours.decorator.js';
import { RequiredInstant } from '../platform/http/query-decorators.js';
import { VisibleText } from '../platform/http/text-decorator.js';
import { EVENT_TYPES } from './event-types.js';
import type { Webhook } from './webhooks.read-model.js';

/** Addresses of automation tools have some 200 characters. */
const LONGEST_URL = 2_000;
const LONGEST_DESCRIPTION = 200;
/** More accounts than these are all accounts. */
const MOST_TOKENS = 100;
const PAYLOADS = ['thin', 'full'] as const;
const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true } as const;
const EVENTS = { enum: EVENT_TYPES, isArray: true, example: ['order.ready_for_processing', 'order.cancelled'] } as const;

class OptionalSettings {
  @ApiPropertyOptional({ type: String, nullable: true, description: 'What it is for.', example: 'Warehouse', maxLength: LONGEST_DESCRIPTION })
  @IsOptional()
  @VisibleText(LONGEST_DESCRIPTION)
  description?: string | null;

  @ApiPropertyOptional({ ...EVENTS, nullable: true, description: 'Empty: all, also those that come to be later.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(EVENT_TYPES.length)
  @IsIn(EVENT_TYPES, { each: true })
  event_types?: string[] | null;

  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    nullable: true,
    description: 'Accounts of these tokens alone; empty: all accounts, also those linked later.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TOKENS)
  @IsUUID('loose', { each: true })
  token_ids?: string[] | null;

  @ApiPropertyOptional({
    enum: PAYLOADS,
    nullable: true,
    default: 'thin',
    description: 'thin: ids and changed paths. full: the order too, as it is when it is sent.',
  })
  @IsOptional()
  @IsIn(PAYLOADS)
  payload?: (typeof PAYLOADS)[number] | null;
}

export class CreateWebhookBody extends OptionalSettings {
  @ApiProperty({ format: 'uri', example: 'https://shop.example.com/hooks/orders', maxLength: LONGEST_URL })
  @IsString()
  @MaxLength(LONGEST_URL)
  url!: string;
}

export class ChangeWebhookBody extends OptionalSettings {
  @ApiPropertyOptional({ type: String, nullable: true, format: 'uri', example: 'https://shop.example.com/hooks/orders', maxLength: LONGEST_URL })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_URL)
  url?: string | null;

  @ApiPropertyOptional({
    enum: ['active', 'disabled'],
    nullable: true,
    description: 'Switched on it is told what happens from then on; a replay brings back the rest.',
  })
  @IsOptional()
  @IsIn(['active', 'disabled'])
  state?: 'active' | 'disabled' | null;
}

export class RotateSecretBody {
  @OverlapHours('Both secrets sign so long.')
  overlap_hours?: number | null;
}

export class ReplayBody {
  @RequiredInstant({ description: 'What was announced since then is sent again, each event under the id it always had.', example: '2026-11-20T00:00:00Z' })
  since!: Date;
}

export class WebhookView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uri', example: 'https://shop.example.com/hooks/orders' }) url!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Warehouse' }) description!: string | null;
  @ApiProperty(EVENTS) event_types!: readonly string[];
  @ApiProperty({ type: [String], format: 'uuid' }) token_ids!: readonly string[];
  @ApiProperty({ type: [String], description: 'The accounts these tokens stand for.', example: ['1'] }) account_ids!: readonly string[];
  @ApiProperty({ enum: PAYLOADS }) payload!: string;
  @ApiProperty({ enum: ['active', 'disabled'] }) state!: string;
  @ApiProperty({ type: String, enum: ['by_tenant', 'gone', 'failing'], nullable: true }) disabled_reason!: string | null;
  @ApiProperty(MAYBE_INSTANT) disabled_at!: string | null;
  @ApiProperty({ ...MAYBE_INSTANT, description: 'Until then a secret before the present one signs too.' }) previous_secret_until!: string | null;
  @ApiProperty({ ...MAYBE_INSTANT, description: 'A replay since then is under way.' }) replay_since!: string | null;
  @ApiProperty({ description: 'Failed attempts in a row.', example: 0 }) failures!: number;
  @ApiProperty({ ...MAYBE_INSTANT, description: 'Five days later it is switched off.' }) failing_since!: string | null;
  @ApiProperty(MAYBE_INSTANT) last_success_at!: string | null;
  @ApiProperty({ description: 'Deliveries that wait to be sent; counted up to 10000.', example: 0 }) owed!: number;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
}

export class CreatedWebhookView extends WebhookView {
  @ApiProperty({ description: 'Shown this once.', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }) secret!: string;
}

export class WebhookListView {
  @ApiProperty({ type: [WebhookView] }) webhooks!: WebhookView[];
}

export class RotatedSecretView {
  @ApiProperty({ description: 'Shown this once.', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }) secret!: string;
  @ApiProperty({ format: 'date-time' }) previous_secret_until!: string;
}

export class OwedView {
  @ApiProperty({ description: '`webhook-id` of what will be sent.', example: 'msg_0190aaaabbbb4ccc8dddeeeeffff0000' }) message_id!: string;
  @ApiProperty({ enum: ['owed'] }) state!: 'owed';
}

export class WebhookReplayView {
  @ApiProperty({ format: 'date-time' }) replay_since!: string;
}

const text = (instant: Date | null): string | null => instant?.toISOString() ?? null;

export function webhookView(webhook: Webhook): WebhookView {
  return {
    id: webhook.id,
    url: webhook.url,
    description: webhook.description,
    event_types: webhook.eventTypes,
    token_ids: webhook.tokenIds,
    account_ids: webhook.accountIds,
    payload: webhook.payload,
    state: webhook.state,
    disabled_reason: webhook.disabledReason,
    disabled_at: text(webhook.disabledAt),
    previous_secret_until: text(webhook.previousSecretUntil),
    replay_since: text(webhook.replaySince),
    failures: webhook.failures,
    failing_since: text(webhook.failingSince),
    last_success_at: text(webhook.lastSuccessAt),
    owed: webhook.owed,
    created_at: webhook.createdAt.toISOString(),
    updated_at: webhook.updatedAt.toISOString(),
  };
}
