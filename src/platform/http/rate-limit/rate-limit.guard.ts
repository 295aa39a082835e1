import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '../access/token-verifier.js';
import { allowanceHeaders } from './allowance.js';
import { rateLimited } from './rate-limit.errors.js';
import { RateLimits } from './rate-limits.service.js';

/** Counts the requests of each tenant, before anything asks the database. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { principal } = http.getRequest<FastifyRequest & AuthenticatedRequest>();
    const allowance = principal && (await this.limits.ofTenant(principal.tenantId));
    if (!allowance) return true;
    void http.getResponse<FastifyReply>().headers(allowanceHeaders(allowance, Date.now()));
    if (allowance.isSpent) throw rateLimited(allowance.resetSeconds);
    return true;
  }
}
