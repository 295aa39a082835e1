import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { NotLaterThan } from '../platform/http/not-later-than.js';
import { ClampedIntQuery, InstantQuery, IntQuery } from '../platform/http/query-decorators.js';
import { TASK_STATUSES, type TaskStatus } from '../platform/jobs/task.js';
import { RUN_STATUSES, type RunStatus } from './sync-runs.read-model.js';

/** The contract's clamp: clients send 1000. */
const MOST_PER_PAGE = 100;
/** Keeps the offset within what PostgreSQL counts. */
const LAST_PAGE = 1_000_000;
/** The contract's: a day. */
const LONGEST_INTERVAL_MINUTES = 1_440;
/** Longer than any type there is. */
const LONGEST_TASK_TYPE = 100;

const INTERVAL = { message: 'interval_minutes must be a whole number from 1 to 1440' };

export class TokenIdBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('loose')
  token_id!: string;
}

export class StartSyncBody extends TokenIdBody {
  @InstantQuery({ nullable: true, description: 'Reads the orders bought since then. Without an offset it is UTC.' })
  sync_from_date?: Date | null;

  @ApiPropertyOptional({ type: Boolean, nullable: true, default: false, example: true, description: 'Reads all orders Allegro still lists.' })
  @IsOptional()
  @IsBoolean()
  force_full_sync: boolean | null = false;
}

export class ActivateSyncBody extends TokenIdBody {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: LONGEST_INTERVAL_MINUTES })
  @IsInt(INTERVAL)
  @Min(1, INTERVAL)
  @Max(LONGEST_INTERVAL_MINUTES, INTERVAL)
  interval_minutes!: number;
}

export class PeriodQuery {
  @InstantQuery({ description: 'Runs that began then or later.' })
  @NotLaterThan('date_to')
  date_from?: Date;

  @InstantQuery({ description: 'Runs that began then or earlier.' })
  date_to?: Date;
}

export class SyncHistoryQuery extends PeriodQuery {
  @IntQuery({ min: 1, max: LAST_PAGE, fallback: 1 })
  page = 1;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 10 })
  per_page = 10;

  @ApiPropertyOptional({ format: 'uuid', description: 'The runs of its account, whichever token led it.' })
  @IsOptional()
  @IsUUID('loose')
  token_id?: string;

  @ApiPropertyOptional({ enum: RUN_STATUSES })
  @IsOptional()
  @IsIn(RUN_STATUSES)
  status?: RunStatus;
}

export class TaskHistoryQuery {
  @IntQuery({ min: 1, max: LAST_PAGE, fallback: 1 })
  page = 1;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 20 })
  per_page = 20;

  @ApiPropertyOptional({ enum: TASK_STATUSES })
  @IsOptional()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_TASK_TYPE)
  task_type?: string;
}

/** Named in the query or in the body: both are in use. */
export class TaskIdOption {
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, example: '0199c3de-70c1-7a54-9b2f-3d1e5f7a9c02' })
  @IsOptional()
  @IsString()
  task_id?: string;
}

export class TokenIdQuery {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('loose')
  token_id!: string;
}

export class OptionalTokenIdQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Without it all accounts of the tenant.' })
  @IsOptional()
  @IsUUID('loose')
  token_id?: string;
}

/** The contract's. */
const MOST_RUNS = 200;

export class OrderSyncHistoryQuery extends TokenIdQuery {
  @ClampedIntQuery({ min: 1, max: MOST_RUNS, fallback: 50 })
  limit = 50;
}
