import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import type { Problem } from '../../../core/problem.js';
import { addLogField } from '../../observability/log-context.js';
import { Metrics } from '../../observability/metrics.js';
import { ROLES } from './access.decorators.js';
import { machineKeyRefused, outOfReach, reasonRequired, roleTooLow, scopeMissing, tenantNameRefused } from './access.errors.js';
import { AuditTrail } from './audit-trail.js';
import { type AuditedRequest, entryOf, saysWhy } from './audited-request.js';
import { isAllowed, type RouteAccess, scopeOf } from './authorise.js';
import { PERSONAL_DATA } from './key-scopes.js';
import { isTenantName, type Principal } from './principal.js';
import type { RejectionReason } from './rejection.js';
import { needsPersonalData, scopesOfRoute } from './route-scopes.js';
import { needsReason } from './route-trail.js';
import type { Role, TenantScope } from './tenant-scope.js';
import type { AuthenticatedRequest } from './token-verifier.js';

type Request = FastifyRequest & AuthenticatedRequest & AuditedRequest;

interface Refusal {
  readonly reason: RejectionReason;
  readonly problem: Problem;
}

function queryOf(request: Request): Readonly<Record<string, unknown>> {
  return (request.query ?? {}) as Record<string, unknown>;
}

function missingOf(needed: readonly string[], { scopes }: Principal): Problem | null {
  const missing = needed.find((scope) => !scopes.has(scope));
  return missing === undefined ? null : scopeMissing(missing);
}

const pathOf = ({ routeOptions }: Request): string => routeOptions.url ?? '';

function keyProblem(principal: Principal, request: Request): Problem | null {
  if (principal.keyId === null) return null;
  const needed = scopesOfRoute(request.method, pathOf(request));
  return needed ? missingOf(needed, principal) : machineKeyRefused();
}

/** What a key may call at all, and who may make calls that show buyers. */
function scopeRefusal(principal: Principal, { seesPersonalData }: TenantScope, request: Request): Refusal | null {
  const isWithheld = !seesPersonalData && needsPersonalData(request.method, pathOf(request));
  const problem = keyProblem(principal, request) ?? (isWithheld ? scopeMissing(PERSONAL_DATA) : null);
  return problem && { reason: 'scope', problem };
}

/** In another tenant there is nothing for a role that is too low: whether something is there is not told. */
function roleRefusal(scope: TenantScope, route: RouteAccess): Refusal | null {
  if (isAllowed(scope, route)) return null;
  return { reason: 'role', problem: scope.acrossTenants ? outOfReach() : roleTooLow(route.roles ?? ['operator']) };
}

function silenceRefusal({ acrossTenants }: TenantScope, request: Request): Refusal | null {
  const isSilent = acrossTenants && needsReason(request.method, pathOf(request)) && !saysWhy(request);
  return isSilent ? { reason: 'no_reason', problem: reasonRequired() } : null;
}

function refusalOf(principal: Principal, { scope, route, request }: { scope: TenantScope; route: RouteAccess; request: Request }): Refusal | null {
  const role = roleRefusal(scope, route);
  return (scope.acrossTenants ? role : null) ?? scopeRefusal(principal, scope, request) ?? role ?? silenceRefusal(scope, request);
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
    const refusal = refusalOf(principal, { scope, route, request });
    // Before anything happens, and also where nothing will: a try is worth as much in the trail as a success.
    if (scope.acrossTenants || (refusal !== null && route.writes)) await this.record(request, scope);
    if (refusal !== null) {
      this.rejections.inc({ reason: refusal.reason });
      throw refusal.problem;
    }
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

  private routeAccess(context: ExecutionContext, request: Request): RouteAccess {
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES, [context.getHandler(), context.getClass()]);
    return { roles: roles ?? null, writes: !['GET', 'HEAD'].includes(request.method) };
  }

  private async record(request: Request, scope: TenantScope): Promise<void> {
    addLogField('acted_on_tenant', scope.tenantId);
    await this.audit.record(entryOf(request, scope));
    request.isInTrail = true;
  }
}
