import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ScopedRequest } from '../http/access/access.decorators.js';
import type { TenantScope } from '../http/access/tenant-scope.js';

/** Who reads or changes a setting, and which version of it they believe in. */
export interface SettingCaller {
  readonly scope: TenantScope;
  /** True for every version where the caller sent no `If-Match`. */
  readonly expects: (version: number) => boolean;
  readonly requestId: string;
  /** Gives the answer the ETag of a version. */
  readonly tag: (version: number) => void;
}

export const CurrentSettingCaller = createParamDecorator((_: unknown, context: ExecutionContext): SettingCaller => {
  const http = context.switchToHttp();
  const { tenantScope, headers, id } = http.getRequest<FastifyRequest & ScopedRequest>();
  if (tenantScope === undefined) throw new Error('a public route asked for the caller of a setting');
  return {
    scope: tenantScope,
    expects: expectation(headers['if-match']),
    requestId: id,
    tag: (version) => void http.getResponse<FastifyReply>().header('etag', `"${String(version)}"`),
  };
});

/** Proxies that compress weaken tags, and people leave quotation marks out: neither changes the version that is meant. */
function expectation(ifMatch: string | undefined): (version: number) => boolean {
  if (ifMatch === undefined) return () => true;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  return (version) => tags.includes('*') || tags.includes(String(version));
}
