import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { readCursor, writeCursor } from '../core/signed-cursor.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { ExportListQuery, ExportListView } from './export-list.dto.js';
import { exportViewOf } from './export-view.js';
import { type ExportPlace, ExportFiles } from './exports.read-model.js';

@ApiTags('exports')
@Controller('exports')
export class ExportListController {
  constructor(
    private readonly files: ExportFiles,
    private readonly keys: OrderKeys,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listExports',
    summary: 'Lists the files of the tenant',
    description: 'Newest first, whatever became of them: each one counts towards the files a tenant may have until it is deleted.',
  })
  @Roles('seller', 'operator')
  @ApiOkResponse({ type: ExportListView })
  async list(@CurrentScope() { tenantId }: TenantScope, @Query() query: ExportListQuery): Promise<ExportListView> {
    const sign = (place: string) => this.keys.keyedHash(`exports-cursor:${tenantId}`, place);
    const after = query.cursor === undefined ? null : placeOf(readCursor(query.cursor, sign));
    const found = await this.files.page(tenantId, { after, limit: query.limit + 1 });
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return { exports: shown.map(exportViewOf), next_cursor: last ? writeCursor([last.place, last.id], sign) : null };
  }
}

function placeOf(place: unknown): ExportPlace {
  if (!Array.isArray(place)) throw validationFailed([{ field: 'cursor', message: 'must be the next_cursor of a page of the same tenant' }]);
  const [createdAt, id] = place as [string, string];
  return { createdAt, id };
}
