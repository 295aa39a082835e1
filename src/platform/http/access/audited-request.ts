import type { FastifyRequest } from 'fastify';
import type { ScopedRequest } from './access.decorators.js';
import type { AuditEntry } from './audit.store.js';
import { idsNamedBy } from './named-ids.js';
import type { TenantScope } from './tenant-scope.js';

/** A request of which the trail tells. */
export interface AuditedRequest extends ScopedRequest {
  /** Its entry is written. */
  isInTrail?: boolean;
}

/** A reason is a sentence, not a document. */
const MAX_REASON_LENGTH = 500;

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function readable(said: unknown): string | null {
  const reason = typeof said === 'string' ? said.replaceAll('\0', '').trim().slice(0, MAX_REASON_LENGTH).toWellFormed() : '';
  return reason === '' ? null : reason;
}

/** Whether who asks says why: in the query, or in a body that has a place for it. */
export function saysWhy({ query, body }: FastifyRequest): boolean {
  return (readable(memberOf(query, 'reason')) ?? readable(memberOf(body, 'reason'))) !== null;
}

/** What the trail tells of a request: who asks for what in whose tenant, why, and the ids that are named. */
export function entryOf(request: FastifyRequest, { actor, roles, tenantId }: TenantScope): AuditEntry {
  return {
    actor,
    actorRoles: [...roles],
    tenantId,
    action: `${request.method} ${request.routeOptions.url ?? ''}`,
    subject: idsNamedBy(request),
    // Of a body it is the feature's, which looks whether it names a buyer before it keeps it.
    reason: readable(memberOf(request.query, 'reason')),
    requestId: request.id,
  };
}
