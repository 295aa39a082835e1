import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import type { JsonObject } from '../../../core/json.js';
import type { Problem } from '../../../core/problem.js';
import { addLogField } from '../../observability/log-context.js';
import { Metrics } from '../../observability/metrics.js';
import { ROLES, type ScopedRequest } from './access.decorators.js';
import { machineKeyRefused, roleTooLow, scopeMissing, tenantNameRefused } from './access.errors.js';
import { AuditTrail } from './audit-trail.js';
import { isAllowed, type RouteAccess, scopeOf } from './authorise.js';
import { PERSONAL_DATA } from './key-scopes.js';
import { isTenantName, type Principal } from './principal.js';
import type { RejectionReason } from './rejection.js';
import { needsPersonalData, scopesOfRoute } from './route-scopes.js';
import type { Role, TenantScope } from './tenant-scope.js';
import type { AuthenticatedRequest } from './token-verifier.js';

type Request = FastifyRequest & AuthenticatedRequest & ScopedRequest;

/** A reason is a sentence, not a document. */
const MAX_REASON_LENGTH = 500;

function queryOf(request: Request): Readonly<Record<string, unknown>> {
  return (request.query ?? {}) as Record<string, unknown>;
}

function missingOf(needed: readonly string[], { scopes }: Principal): Problem | null {
  const missing = needed.find((scope) => !scopes.has(scope));
  return missing === undefined ? null : scopeMissing(missing);
}

function routeOf(request: Request): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`;
}

/** Decides which tenant's rows the request touches and whether the caller's role allows it. */
@Injectable()
export class AuthorisationGuard implements CanActivate {
  private readonly rejections: Counter;

  constructor(
    private readonly reflector: Reflector,
    @Inject(AuditTrail) private readonly audit: AuditTrail,
    metrics: Metrics,
  ) {
    this.rejections = metrics.counter({ name: 'http_access_rejections_total', help: 'Callers turned away, by reason', labels: ['reason'] });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { principal } = request;
    if (principal === undefined) return true;
    const scope = this.scopeOf(principal, request);
    const route = this.routeAccess(context, request);
    // Written before the decision: a try is worth as much in the trail as a success.
    if (scope.acrossTenants || (principal.keyId !== null && route.writes)) await this.record(request, scope);
    this.checkScopes(principal, scope, request);
    this.decide(scope, route);
    request.tenantScope = scope;
    return true;
  }

  private scopeOf(principal: Principal, request: Request): TenantScope {
    const { user_id: named } = queryOf(request);
    const scope = scopeOf(principal, typeof named === 'string' ? named : undefined);
    const staff = principal.roles.has('operator') || principal.roles.has('support');
    if (staff && named !== undefined && !isTenantName(named)) throw tenantNameRefused();
    return scope;
  }

  /** What a key may call at all, and who may make calls that show buyers. */
  private checkScopes(principal: Principal, { seesPersonalData }: TenantScope, request: Request): void {
    const { method, routeOptions } = request;
    const needed = principal.keyId === null ? [] : scopesOfRoute(method, routeOptions.url ?? '');
    const refusal = needed ? missingOf(needed, principal) : machineKeyRefused();
    const withheld = !seesPersonalData && needsPersonalData(method, routeOptions.url ?? '') ? scopeMissing(PERSONAL_DATA) : null;
    this.refuse('scope', refusal ?? withheld);
  }

  private routeAccess(context: ExecutionContext, request: Request): RouteAccess {
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES, [context.getHandler(), context.getClass()]);
    return { roles: roles ?? null, writes: !['GET', 'HEAD'].includes(request.method) };
  }

  private decide(scope: TenantScope, route: RouteAccess): void {
    this.refuse('role', isAllowed(scope, route) ? null : roleTooLow(route.roles ?? ['operator']));
  }

  private refuse(reason: RejectionReason, problem: Problem | null): void {
    if (problem === null) return;
    this.rejections.inc({ reason });
    throw problem;
  }

  private async record(request: Request, scope: TenantScope): Promise<void> {
    addLogField('acted_on_tenant', scope.tenantId);
    const { reason } = queryOf(request);
    await this.audit.record({
      actor: scope.actor,
      actorRoles: [...scope.roles],
      tenantId: scope.tenantId,
      action: routeOf(request),
      subject: { ...(request.params as JsonObject) },
      reason: typeof reason === 'string' ? reason.replaceAll('\0', '').slice(0, MAX_REASON_LENGTH) : null,
      requestId: request.id,
    });
  }
}
