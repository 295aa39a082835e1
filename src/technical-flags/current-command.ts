import { createHash, randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ScopedRequest } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { idempotencyKeyOf } from '../platform/http/idempotency/idempotency-key.js';

/** 96 bits: no two people of a tenant share them. */
const ACTOR_LETTERS = 16;

/** Who commands, the key by which the same command is known again, and what the caller believes. */
export interface Command {
  readonly scope: TenantScope;
  readonly key: string;
  /** The `If-Match` header; null without one. */
  readonly ifMatch: string | null;
  /** Gives the answer its ETag. */
  readonly tag: (etag: string) => void;
}

/** Two people of one tenant who choose the same key mean two changes. */
function ownKey(actor: string, key: string | null): string {
  if (key === null) return randomUUID();
  return `${createHash('sha256').update(actor).digest('base64url').slice(0, ACTOR_LETTERS)}:${key}`;
}

interface CommandRequest extends ScopedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The caller and the Idempotency-Key of a request that changes something; without the header a key is made for this one request. */
export const CurrentCommand = createParamDecorator((_: unknown, context: ExecutionContext): Command => {
  const http = context.switchToHttp();
  const { tenantScope, headers } = http.getRequest<CommandRequest>();
  if (tenantScope === undefined) throw new Error('a public route asked for a command');
  const ifMatch = headers['if-match'];
  return {
    scope: tenantScope,
    key: ownKey(tenantScope.actor, idempotencyKeyOf(headers['idempotency-key'])),
    ifMatch: typeof ifMatch === 'string' ? ifMatch : null,
    tag: (etag) => void http.getResponse<FastifyReply>().header('etag', etag),
  };
});
