import { describe, expect, it } from '@jest/globals';
import { isAllowed, type RouteAccess, scopeOf } from './authorise.js';
import { principalOf } from './principal.js';
import type { Role } from './tenant-scope.js';

const principal = (...roles: readonly Role[]) => ({
  tenantId: 'own',
  actor: 'anna',
  roles: new Set(roles),
  scopes: new Set<string>(),
  keyId: null,
  validUntil: null,
});
const read: RouteAccess = { roles: null, writes: false };
const write: RouteAccess = { roles: null, writes: true };
const only = (...roles: readonly Role[]): RouteAccess => ({ roles, writes: true });

describe('the scope of a caller', () => {
  it('is the own tenant for a seller, whatever the query names', () => {
    expect(scopeOf(principal('seller'), 'other')).toMatchObject({ tenantId: 'own', acrossTenants: false });
  });

  it('is the named tenant for staff, without the rights of its seller', () => {
    expect(scopeOf(principal('support', 'seller'), 'other')).toMatchObject({
      tenantId: 'other',
      roles: new Set(['support']),
      actor: 'anna',
      acrossTenants: true,
    });
  });
});

describe('a route', () => {
  const cases: readonly (readonly [string, Role, string | undefined, RouteAccess, boolean])[] = [
    ['a seller changes the own', 'seller', undefined, write, true],
    ['support changes the own, as its seller', 'support', undefined, write, true],
    ['a seller calls what operators may', 'seller', undefined, only('operator'), false],
    ['support calls what operators may', 'support', undefined, only('operator'), false],
    ['an operator calls what operators may', 'operator', undefined, only('operator'), true],
    ['support reads in another tenant', 'support', 'other', read, true],
    ['support changes in another tenant', 'support', 'other', write, false],
    ['support replays in another tenant', 'support', 'other', only('support', 'seller'), true],
    ['support does in another tenant what only sellers may', 'support', 'other', only('seller'), false],
    ['an operator changes in another tenant', 'operator', 'other', write, true],
    ['an operator does in another tenant what its seller may', 'operator', 'other', only('seller'), true],
    ['an operator does in another tenant what only support may', 'operator', 'other', only('support'), false],
  ];
  it.each(cases)('%s', (_name, role, tenant, route, allowed) => {
    expect(isAllowed(scopeOf(principal(role), tenant), route)).toBe(allowed);
  });
});

describe('the claims of a token', () => {
  it('name the tenant by user_id before sub, and who acts by sub', () => {
    expect(principalOf({ user_id: 't', sub: 'anna' })).toMatchObject({
      tenantId: 't',
      actor: 'anna',
      roles: new Set(['seller']),
      keyId: null,
      validUntil: null,
    });
    expect(principalOf({ sub: 'anna', exp: 60 })).toMatchObject({ validUntil: new Date(60_000) });
    expect(principalOf({ sub: 'anna' })).toMatchObject({ tenantId: 'anna' });
    expect(principalOf({ user_id: 't', sub: 7 })).toMatchObject({ actor: 't' });
  });

  it('count characters as a database does, 64 at most', () => {
    expect(principalOf({ sub: '🛒'.repeat(64) })).not.toBeNull();
    expect(principalOf({ sub: '🛒'.repeat(65) })).toBeNull();
  });

  it('name no tenant by anything but clean text', () => {
    for (const name of [undefined, null, '', ' ', ' a', 'a\u200b', 'a\u0007', 7, {}, ['a'], '\ud800'])
      expect(principalOf({ user_id: name, sub: 'a' })).toBeNull();
  });
});
