import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY_SCOPES } from '../../src/platform/http/access/key-scopes.js';
import { DECIDED_ROUTES, scopesOfRoute } from '../../src/platform/http/access/route-scopes.js';
import { documentOf, type Operation, operationsOf } from '../support/interface/operations.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let operations: readonly Operation[];

beforeAll(async () => {
  world = await tokenWorld({ orders: 0 });
  service = await Service.start(world);
  operations = operationsOf(documentOf(service.app));
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

const shortOf = ({ method, path }: Operation): string => `${method} ${path.replace('/api/v1/', '').replaceAll(/\{(\w+)\}/g, ':$1')}`;

describe('every route', () => {
  it('has a scope, or says that no key may call it: name it in src/platform/http/access/route-scopes.ts', () => {
    const undecided = operations.filter(({ method, path }) => scopesOfRoute(method, path) === undefined);
    expect(undecided.map(shortOf)).toEqual([]);
  });

  it('of the table is there', () => {
    const routes = operations.map(shortOf);
    expect(DECIDED_ROUTES.filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('is decided once', () => {
    expect(new Set(DECIDED_ROUTES).size).toBe(DECIDED_ROUTES.length);
  });

  it('says in the document what a key needs, and every scope is good for something', () => {
    for (const { name, method, path, keyScopes } of operations) expect({ name, keyScopes }).toEqual({ name, keyScopes: scopesOfRoute(method, path) ?? null });
    expect([...new Set(operations.flatMap(({ keyScopes }) => keyScopes ?? []))].sort()).toEqual([...KEY_SCOPES].sort());
  });

  it('that only staff may call is for no key', () => {
    expect(operations.filter(({ roles, keyScopes }) => !roles.includes('seller') && keyScopes !== null).map(({ name }) => name)).toEqual([]);
  });
});
