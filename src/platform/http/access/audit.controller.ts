import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { readCursor, writeCursor } from '../../../core/signed-cursor.js';
import { OrderKeys } from '../../vault/order-keys.js';
import { validationFailed } from '../http.errors.js';
import { CurrentScope, Roles } from './access.decorators.js';
import { auditEntryView, auditFilterOf, AuditListView, AuditQuery } from './audit.dto.js';
import { type AuditPlace, AuditReadModel } from './audit.read-model.js';
import type { TenantScope } from './tenant-scope.js';

/** Who did what in a tenant; also for the tenant itself, so that no staff acts unseen. */
@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(
    private readonly trail: AuditReadModel,
    private readonly keys: OrderKeys,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listAuditEntries',
    summary: 'Lists the audit trail of the tenant',
    description:
      "What staff did in the tenant and what people and keys changed there, newest first; sellers see who of staff looked, and why. With `user_id` another tenant's trail, which is an entry of it too.",
  })
  @Roles('seller', 'operator')
  @ApiOkResponse({ type: AuditListView })
  async list(@CurrentScope() { tenantId }: TenantScope, @Query() query: AuditQuery): Promise<AuditListView> {
    const sign = (place: string) => this.keys.keyedHash(`audit-cursor:${tenantId}`, place);
    const after = query.cursor === undefined ? null : placeOf(readCursor(query.cursor, sign));
    const found = await this.trail.page(tenantId, auditFilterOf(query), { after, limit: query.limit + 1 });
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return { entries: shown.map(auditEntryView), next_cursor: last ? writeCursor([last.place, last.id], sign) : null };
  }
}

function placeOf(place: unknown): AuditPlace {
  if (!Array.isArray(place)) throw validationFailed([{ field: 'cursor', message: 'must be the next_cursor of a page of the same tenant' }]);
  const [recordedAt, id] = place as [string, string];
  return { recordedAt, id };
}
