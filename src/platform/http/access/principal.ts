import type { Role } from './tenant-scope.js';

/** Who calls, as the verified token says. */
export interface Principal {
  readonly tenantId: string;
  readonly actor: string;
  readonly roles: ReadonlySet<Role>;
  /** What a machine key may do; of a person what the token's claim `scope` names, whoever's vocabulary it is. */
  readonly scopes: ReadonlySet<string>;
  /** The machine key that calls; null: a person. */
  readonly keyId: string | null;
  /** Until then what was verified may be relied on without asking again; null: as long as one request takes. */
  readonly validUntil: Date | null;
}

const ROLES: readonly Role[] = ['seller', 'operator', 'support'];
/** The contract's bound of a tenant's name. */
const MAX_NAME_LENGTH = 64;
/** Begins the name under which a machine key acts; no token may call its bearer so. */
export const KEY_ACTOR = 'key:';

/** A tenant's name: opaque text of 1 to 64 characters, without control or invisible ones and blanks around it. */
export function isTenantName(value: unknown): value is string {
  if (typeof value !== 'string' || value.trim() !== value || !value.isWellFormed()) return false;
  // Code points, as PostgreSQL counts them.
  const length = Array.from(value).length;
  return length >= 1 && length <= MAX_NAME_LENGTH && !/\p{C}/u.test(value);
}

function namedScopes({ scope }: Readonly<Record<string, unknown>>): readonly string[] {
  return typeof scope === 'string' ? scope.split(' ') : [];
}

function namedRoles(claims: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { roles } = claims;
  return Array.isArray(roles) ? roles : namedScopes(claims);
}

/** Exact names only; what else a token carries is somebody else's vocabulary. Without a role of ours it is a seller's. */
function rolesOf(claims: Readonly<Record<string, unknown>>): ReadonlySet<Role> {
  const named = namedRoles(claims);
  const roles = ROLES.filter((role) => named.includes(role));
  return new Set<Role>(roles.length === 0 ? ['seller'] : roles);
}

const instantOf = (seconds: unknown) => (typeof seconds === 'number' ? new Date(seconds * 1_000) : null);

/**
 * The caller named by verified claims, or null when they name no tenant: `user_id` when the claim is there, else `sub`.
 * A `user_id` of another type is refused, never replaced by `sub`; so is a `sub` that would pass for a machine key.
 */
export function principalOf(claims: Readonly<Record<string, unknown>>): Principal | null {
  const { user_id: userId, sub } = claims;
  const tenantId = Object.hasOwn(claims, 'user_id') ? userId : sub;
  if (!isTenantName(tenantId)) return null;
  const actor = isTenantName(sub) ? sub : tenantId;
  if (actor.startsWith(KEY_ACTOR)) return null;
  return { tenantId, actor, roles: rolesOf(claims), scopes: new Set(namedScopes(claims)), keyId: null, validUntil: instantOf(claims['exp']) };
}
