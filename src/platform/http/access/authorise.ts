import { PERSONAL_DATA } from './key-scopes.js';
import type { Principal } from './principal.js';
import type { Role, TenantScope } from './tenant-scope.js';

/** What a route is, as far as access goes. */
export interface RouteAccess {
  /** null: the route names no roles. */
  readonly roles: readonly Role[] | null;
  readonly writes: boolean;
}

function isStaff(principal: Principal): boolean {
  return principal.roles.has('operator') || principal.roles.has('support');
}

/**
 * Whose rows the request touches. Only staff reach another tenant, and only by naming it; a seller's `user_id=` is not read.
 * @param namedTenant the `user_id=` of the query
 */
export function scopeOf(principal: Principal, namedTenant: string | undefined): TenantScope {
  const { actor } = principal;
  if (namedTenant === undefined || namedTenant === principal.tenantId || !isStaff(principal)) {
    const roles = new Set<Role>([...principal.roles, 'seller']);
    return { tenantId: principal.tenantId, roles, actor, acrossTenants: false, seesPersonalData: seesPersonalData(principal, false) };
  }
  const roles = new Set([...principal.roles].filter((role) => role !== 'seller'));
  return { tenantId: namedTenant, roles, actor, acrossTenants: true, seesPersonalData: seesPersonalData(principal, true) };
}

/** Sellers see the buyers of their own tenant and operators those of all; support and keys only by scope. */
function seesPersonalData({ scopes, keyId, roles }: Principal, acrossTenants: boolean): boolean {
  if (scopes.has(PERSONAL_DATA)) return true;
  return keyId === null && (roles.has('operator') || (!acrossTenants && roles.has('seller')));
}

/** Whether the scope's roles allow the route. In another tenant a route that names no roles is read-only for support. */
export function isAllowed(scope: TenantScope, route: RouteAccess): boolean {
  if (route.roles !== null) return route.roles.some((role) => scope.roles.has(role) || isOperatorFor(scope, role));
  return !scope.acrossTenants || !route.writes || scope.roles.has('operator');
}

/** An operator in another tenant may do what its seller may. */
function isOperatorFor(scope: TenantScope, role: Role): boolean {
  return role === 'seller' && scope.acrossTenants && scope.roles.has('operator');
}
