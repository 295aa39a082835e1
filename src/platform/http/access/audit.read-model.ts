import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../../core/json.js';
import { Database } from '../../database/database.js';
import type { AuditEntry } from './audit.store.js';

export interface RecordedAudit extends AuditEntry {
  readonly id: string;
  readonly recordedAt: Date;
  readonly subject: JsonObject;
}

export interface AuditFilter {
  readonly actor: string | null;
  readonly action: string | null;
  /** An id: entries whose subject names it anywhere. */
  readonly subject: string | null;
  /** Inclusive. */
  readonly from: Date | null;
  /** Exclusive. */
  readonly to: Date | null;
}

/** A place in the trail; microseconds are kept as text. */
export interface AuditPlace {
  readonly recordedAt: string;
  readonly id: string;
}

const PAGE = `
select id, recorded_at as "recordedAt", actor, actor_roles as "actorRoles", tenant_id as "tenantId", action, subject, reason, request_id as "requestId",
  recorded_at::text as place
from audit_entries
where tenant_id = $1 and ($2::text is null or actor = $2) and ($3::text is null or action = $3)
  and ($4::text is null or jsonb_path_exists(subject, '$.** ? (@ == $wanted)', jsonb_build_object('wanted', $4::text)))
  and ($5::timestamptz is null or recorded_at >= $5) and ($6::timestamptz is null or recorded_at < $6)
  and ($7::timestamptz is null or (recorded_at, id) < ($7, $8::bigint))
order by recorded_at desc, id desc limit $9`;

/** The audit trail as it is read back: by tenant, newest first. */
@Injectable()
export class AuditReadModel {
  constructor(private readonly database: Database) {}

  /** Entries about a tenant's rows behind a place, with the place of each. */
  async page(tenantId: string, filter: AuditFilter, page: { after: AuditPlace | null; limit: number }): Promise<(RecordedAudit & { place: string })[]> {
    const { actor, action, subject, from, to } = filter;
    const { after, limit } = page;
    return this.database.query(PAGE, [tenantId, actor, action, subject, from, to, after?.recordedAt ?? null, after?.id ?? null, limit]);
  }
}
