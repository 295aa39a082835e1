import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { ClampedIntQuery } from '../platform/http/query-decorators.js';
import type { AccountHealth } from './accounts-health.read-model.js';
import type { Alert } from './alerts.read-model.js';
import { ALERT_KINDS } from './findings.js';
import { FRESHNESS } from './freshness.js';

/** What a page of people's tools shows at once. */
const MOST_ALERTS = 500;

export class FreshnessQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Without it all accounts of the tenant.' })
  @IsOptional()
  @IsUUID('loose')
  token_id?: string;
}

export class AlertsQuery extends FreshnessQuery {
  @ApiPropertyOptional({ enum: ['open', 'closed'] })
  @IsOptional()
  @IsIn(['open', 'closed'])
  state?: 'open' | 'closed';

  @ClampedIntQuery({ min: 1, max: MOST_ALERTS, fallback: 100 })
  limit = 100;
}

export class AccountFreshnessView {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'A token of the account.' })
  token_id!: string | null;

  @ApiProperty({ type: String, nullable: true })
  login!: string | null;

  @ApiProperty({ enum: FRESHNESS })
  freshness!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_successful_sync!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: no periodic sync is on.' })
  interval_minutes!: number | null;

  @ApiProperty({ description: 'Periodic syncs that failed in a row.' })
  consecutive_failures!: number;

  @ApiProperty({ description: 'Orders whose form Allegro still owes us.' })
  owed_orders!: number;

  @ApiProperty({ description: 'Documents put aside that wait for a decision.' })
  quarantined!: number;
}

export class FreshnessView {
  @ApiProperty({ type: [AccountFreshnessView] })
  accounts!: AccountFreshnessView[];

  @ApiProperty({ format: 'date-time' })
  checked_at!: string;
}

export class AlertView {
  @ApiProperty()
  id!: string;

  @ApiProperty({ enum: ALERT_KINDS })
  kind!: string;

  @ApiProperty({ enum: ['open', 'closed'] })
  state!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'A token of the account; null concerns no single account.' })
  token_id!: string | null;

  @ApiProperty()
  detail!: string;

  @ApiProperty({ type: Object, example: { owed_orders: 120 } })
  figures!: Readonly<Record<string, unknown>>;

  @ApiProperty({ format: 'date-time' })
  opened_at!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  closed_at!: string | null;
}

export class AlertListView {
  @ApiProperty({ type: [AlertView] })
  alerts!: AlertView[];
}

export class FleetView {
  @ApiProperty({ enum: ['ok', 'accounts', 'allegro_down'], description: 'allegro_down: Allegro fails, not these accounts.' })
  verdict!: string;

  @ApiProperty()
  accounts!: number;

  @ApiProperty({ type: Object, example: { fresh: 2, stale: 1 }, description: 'Accounts by freshness.' })
  freshness!: Readonly<Record<string, number>>;

  @ApiProperty({ enum: ['up', 'degraded', 'down'], description: 'As the process that answers met it lately.' })
  allegro!: string;

  @ApiProperty({ description: 'Accounts with a periodic sync and a working token.' })
  scheduled!: number;

  @ApiProperty({ description: 'Those of them whose last syncs failed.' })
  failing!: number;

  @ApiProperty({ type: Object, example: { owed_orders: 1 }, description: 'Open alerts by kind.' })
  open_alerts!: Readonly<Record<string, number>>;

  @ApiProperty()
  feed_horizon_age_seconds!: number;

  @ApiProperty()
  unsealed_age_seconds!: number;

  @ApiProperty({ format: 'date-time' })
  checked_at!: string;
}

export function freshnessView(health: AccountHealth): AccountFreshnessView {
  return {
    token_id: health.tokenId,
    login: health.login,
    freshness: health.freshness,
    last_successful_sync: health.lastSuccessAt?.toISOString() ?? null,
    interval_minutes: health.intervalMinutes,
    consecutive_failures: health.failures,
    owed_orders: health.owed,
    quarantined: health.held,
  };
}

export function alertView({ id, kind, state, tokenId, detail, figures, openedAt, closedAt }: Alert): AlertView {
  return { id, kind, state, token_id: tokenId, detail, figures, opened_at: openedAt.toISOString(), closed_at: closedAt?.toISOString() ?? null };
}
