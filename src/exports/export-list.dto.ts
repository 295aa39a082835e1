import { ApiProperty } from '@nestjs/swagger';
import { ClampedIntQuery, CursorQuery } from '../platform/http/query-decorators.js';
import { ExportView } from './exports.dto.js';

/** Twice the files a tenant usually may have. */
const MOST_PER_PAGE = 100;

export class ExportListQuery {
  @CursorQuery()
  cursor?: string;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 50 })
  limit = 50;
}

export class ExportListView {
  @ApiProperty({ type: [ExportView], description: 'Newest first.' }) exports!: ExportView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page.' }) next_cursor!: string | null;
}
