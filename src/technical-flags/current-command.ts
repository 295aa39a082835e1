import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ScopedRequest } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';

/** Who commands, and the key by which the same command is known again. */
export interface Command {
  readonly scope: TenantScope;
  readonly key: string;
}

interface CommandRequest extends ScopedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Printable ASCII; as long as a dedup key of the log may sensibly be. */
const USABLE_KEY = /^[\x21-\x7e]{1,200}$/;

function idempotencyKey(header: string | string[] | undefined): string {
  if (header === undefined) return randomUUID();
  if (typeof header === 'string' && USABLE_KEY.test(header)) return header;
  throw validationFailed([{ field: 'Idempotency-Key', message: 'must be 1 to 200 printable characters without blanks' }]);
}

/** The caller and the Idempotency-Key of a request that changes something; without the header a key is made for this one request. */
export const CurrentCommand = createParamDecorator((_: unknown, context: ExecutionContext): Command => {
  const { tenantScope, headers } = context.switchToHttp().getRequest<CommandRequest>();
  if (tenantScope === undefined) throw new Error('a public route asked for a command');
  return { scope: tenantScope, key: idempotencyKey(headers['idempotency-key']) };
});
