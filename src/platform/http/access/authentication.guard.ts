import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import { addLogField } from '../../observability/log-context.js';
import { Metrics } from '../../observability/metrics.js';
import { tooManyRefusals } from '../rate-limit/rate-limit.errors.js';
import { RateLimits } from '../rate-limit/rate-limits.service.js';
import { PUBLIC } from './access.decorators.js';
import { unauthenticated } from './access.errors.js';
import { bearerTokenOf } from './bearer-token.js';
import { isMachineKey } from './machine-key.js';
import { MachineKeyVerifier } from './machine-key-verifier.js';
import { type Principal, principalOf } from './principal.js';
import { TokenRejected } from './rejection.js';
import { type AuthenticatedRequest, TokenVerifier } from './token-verifier.js';

/** Every route asks for a token, or a machine key, unless it says `@Public()`. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly rejections: Counter;

  constructor(
    private readonly reflector: Reflector,
    @Inject(TokenVerifier) private readonly verifier: TokenVerifier,
    private readonly machineKeys: MachineKeyVerifier,
    private readonly limits: RateLimits,
    metrics: Metrics,
  ) {
    this.rejections = metrics.counter({ name: 'http_access_rejections_total', help: 'Callers turned away, by reason', labels: ['reason'] });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [context.getHandler(), context.getClass()]) === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    try {
      request.principal = await this.authenticate(request.raw.rawHeaders);
    } catch (error) {
      if (!(error instanceof TokenRejected)) throw error;
      this.rejections.inc({ reason: error.reason });
      const waitSeconds = await this.limits.ofRefused(request.ip);
      // Only what would be refused anyway: a valid token behind the same address goes on.
      throw waitSeconds === null ? unauthenticated(error.reason) : tooManyRefusals(waitSeconds);
    }
    addLogField('tenant', request.principal.tenantId);
    return true;
  }

  private async authenticate(rawHeaders: readonly string[]): Promise<Principal> {
    const bearer = bearerTokenOf(rawHeaders);
    if (bearer.kind !== 'token') throw new TokenRejected(bearer.kind);
    if (isMachineKey(bearer.token)) return this.machineKeys.principalOf(bearer.token);
    const principal = principalOf(await this.verifier.verify(bearer.token));
    if (principal === null) throw new TokenRejected('tenant');
    return principal;
  }
}
