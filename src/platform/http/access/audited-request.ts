import type { FastifyRequest } from 'fastify';
import type { ScopedRequest } from './access.decorators.js';
import type { AuditEntry } from './audit.store.js';
import { idsNamedBy } from './named-ids.js';
import { needsReason } from './route-trail.js';
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

/** Why, in the words of who asks: `reason` of the query, or of the body where the call must have one; null: nobody said. */
export function reasonOf({ method, query, body, routeOptions }: FastifyRequest): string | null {
  const said = memberOf(query, 'reason') ?? (needsReason(method, routeOptions.url ?? '') ? memberOf(body, 'reason') : undefined);
  const reason = typeof said === 'string' ? said.replaceAll('\0', '').trim().slice(0, MAX_REASON_LENGTH).toWellFormed() : '';
  return reason === '' ? null : reason;
}

/** What the trail tells of a request: who asks for what in whose tenant, why, and the ids that are named. */
export function entryOf(request: FastifyRequest, { actor, roles, tenantId }: TenantScope): AuditEntry {
  return {
    actor,
    actorRoles: [...roles],
    tenantId,
    action: `${request.method} ${request.routeOptions.url ?? ''}`,
    subject: idsNamedBy(request),
    reason: reasonOf(request),
    requestId: request.id,
  };
}
