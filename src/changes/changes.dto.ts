import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { UUID } from '../core/uuid.js';
import { CursorQuery, EmptyIsAbsent, IntQuery } from '../platform/http/query-decorators.js';

/** Below the 30 s in which an answer is due. */
const LONGEST_WAIT_S = 25;

export class StreamQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Changes of this token’s account alone; all accounts of the tenant when absent.' })
  @EmptyIsAbsent()
  @IsOptional()
  @Matches(UUID, { message: 'token_id must be the UUID of a token' })
  token_id?: string;

  @CursorQuery({
    description: 'A cursor: changes behind it. `now`: what comes from here on. Absent: from the oldest change kept (a stream: from now).',
  })
  after?: string;
}

export class ChangesQuery extends StreamQuery {
  @IntQuery({ min: 1, max: 500, fallback: 100 })
  limit = 100;

  @IntQuery({ min: 0, max: LONGEST_WAIT_S, fallback: 0, description: 'Seconds to wait for the first change when there is none.' })
  wait = 0;
}

export class AnnouncedChangeView {
  @ApiProperty({ description: 'Cursor behind this change; the same change has the same id always.' }) id!: string;
  @ApiProperty({ type: [String], example: ['order.updated', 'order.ready_for_processing'] }) topics!: readonly string[];
  @ApiProperty() account_id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The token that leads the account.' }) token_id!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'null: it concerns the account itself.' }) order_id!: string | null;
  @ApiProperty({ description: 'Version of the order after the change; ascending within an order.' }) version!: number;
  @ApiProperty({ type: [String], description: 'Paths that changed, never values; empty for a new order.' }) changed!: readonly string[];
  @ApiProperty({ format: 'date-time' }) announced_at!: string;
}

export class ChangesView {
  @ApiProperty({ type: [AnnouncedChangeView] }) changes!: AnnouncedChangeView[];
  @ApiProperty({ description: 'Ask with it as `after` next time, also when there were no changes.' }) next!: string;
  @ApiProperty() has_more!: boolean;
}
