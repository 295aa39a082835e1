import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '../access/token-verifier.js';
import { allowanceHeaders } from './allowance.js';
import { rateLimited } from './rate-limit.errors.js';
import { RateLimits } from './rate-limits.service.js';
import { REACHES_OUT } from './reaches-out.decorator.js';

/** Counts the requests of each tenant, before anything asks the database. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limits: RateLimits,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { principal } = http.getRequest<FastifyRequest & AuthenticatedRequest>();
    if (!principal) return true;
    const reachesOut = this.reflector.getAllAndOverride<boolean | undefined>(REACHES_OUT, [context.getHandler(), context.getClass()]) === true;
    const allowances = await this.limits.ofTenant(principal.tenantId, reachesOut);
    void http.getResponse<FastifyReply>().headers(allowanceHeaders(allowances, Date.now()));
    const spent = allowances.find(({ isSpent }) => isSpent);
    if (spent) throw rateLimited(spent.policy, spent.resetSeconds);
    return true;
  }
}
