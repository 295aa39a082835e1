import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { AuditTrail } from './audit-trail.js';
import { type AuditedRequest, entryOf } from './audited-request.js';
import { leavesEntry } from './route-trail.js';

/**
 * Every change a person or a key may make is in the trail before it is made: a change that nobody wrote down cannot happen, and none is
 * answered with a failure because it could not be written down afterwards.
 */
@Injectable()
export class ChangeTrail implements NestInterceptor {
  constructor(@Inject(AuditTrail) private readonly audit: AuditTrail) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest & AuditedRequest>();
    const { tenantScope: scope, isInTrail, method, routeOptions } = request;
    if (scope && isInTrail !== true && leavesEntry(method, routeOptions.url ?? '')) await this.audit.record(entryOf(request, scope));
    return next.handle();
  }
}
