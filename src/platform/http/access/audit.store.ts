import type { JsonObject } from '../../../core/json.js';
import { query, type Transaction } from '../../database/transaction.js';

export interface AuditEntry {
  /** Who acts. */
  readonly actor: string;
  readonly actorRoles: readonly string[];
  /** Whose rows are acted upon. */
  readonly tenantId: string;
  /** A route such as `GET /api/v1/orders`, or what was done. */
  readonly action: string;
  /** Ids of what is acted upon, as the path names them. */
  readonly subject: JsonObject;
  /** Why, in the words of who acts. */
  readonly reason: string | null;
  readonly requestId: string | null;
}

export const APPEND = `
insert into audit_entries (actor, actor_roles, tenant_id, action, subject, reason, request_id)
values ($1, $2, $3, $4, $5, $6, $7)`;

/** The values of {@link APPEND}. */
export function valuesOf({ actor, actorRoles, tenantId, action, subject, reason, requestId }: AuditEntry): readonly unknown[] {
  return [actor, [...actorRoles], tenantId, action, JSON.stringify(subject), reason, requestId];
}

export async function appendAuditEntry(tx: Transaction, entry: AuditEntry): Promise<void> {
  await query(tx, APPEND, valuesOf(entry));
}
