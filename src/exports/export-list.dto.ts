import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Length } from 'class-validator';
import { ClampedIntQuery } from '../platform/http/query-decorators.js';
import { ExportView } from './exports.dto.js';

/** Twice the files a tenant usually may have. */
const MOST_PER_PAGE = 100;
/** Four times what a cursor has. */
const LONGEST_CURSOR = 400;

export class ExportListQuery {
  @ApiPropertyOptional({ description: '`next_cursor` of the page before.' })
  @IsOptional()
  @Length(1, LONGEST_CURSOR)
  cursor?: string;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;
}

export class ExportListView {
  @ApiProperty({ type: [ExportView], description: 'Newest first.' }) exports!: ExportView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page.' }) next_cursor!: string | null;
}
