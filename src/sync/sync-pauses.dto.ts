import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { BooleanQuery } from '../platform/http/query-decorators.js';
import { HeldReasonView } from './quarantine.dto.js';
import type { SyncPause } from './sync-pauses.read-model.js';

export class PausesQuery {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('loose')
  token_id?: string;

  @BooleanQuery({ fallback: false, description: 'Only those that go on.' })
  open_only = false;
}

export class SyncPauseView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;

  @ApiProperty({ type: [HeldReasonView] })
  causes!: HeldReasonView[];

  @ApiProperty({ description: 'Forms of the batch that was held.' })
  forms!: number;

  @ApiProperty({ description: 'Of those, how many wait for a decision.' })
  waiting!: number;

  @ApiProperty({ format: 'date-time' })
  paused_at!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  resumed_at!: string | null;

  @ApiProperty({ type: String, nullable: true })
  resumed_by!: string | null;
}

export class ResumedView {
  @ApiProperty({ format: 'uuid' })
  pause_id!: string;

  @ApiProperty()
  message!: string;
}

export function pauseView(pause: SyncPause): SyncPauseView {
  return {
    id: pause.id,
    token_id: pause.tokenId,
    causes: pause.causes.map(({ code, detail }) => ({ code, detail })),
    forms: pause.forms,
    waiting: pause.waiting,
    paused_at: pause.pausedAt.toISOString(),
    resumed_at: pause.resumedAt?.toISOString() ?? null,
    resumed_by: pause.resumedBy,
  };
}
