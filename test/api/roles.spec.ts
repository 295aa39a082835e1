import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let probe: TestApp;
let owner: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase();
  probe = await startTestApp({ controllers: [ProbeController], env: { DATABASE_URL: database.serviceUrl } });
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await probe.close();
  await database.drop();
});

interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path?: string;
  readonly claims?: Record<string, unknown>;
}

const call = ({ method = 'GET', path = '', claims = {} }: Call) =>
  probe.app.inject({ method, url: `/api/v1/probe${path}`, headers: bearer(tokenOf('own', claims)) });
const entries = async () =>
  (await owner.query<Record<string, unknown>>('select actor, actor_roles, tenant_id, action, subject, reason, request_id from audit_entries order by id')).rows;

const operator = { roles: ['operator'] };
const support = { roles: ['support'] };

describe('in the own tenant', () => {
  it('staff are sellers too', async () => {
    expect((await call({ claims: operator })).json()).toMatchObject({ tenantId: 'own', roles: ['operator', 'seller'], acrossTenants: false });
  });

  it.each([
    [{}],
    [{ roles: ['operator2', 'Operator', 'OPERATOR', 'operator ', 7, null, ['operator']] }],
    [{ roles: 'operator' }],
    [{ roles: { operator: true } }],
    [{ scope: 'operator:read2 xoperator operators' }],
    [{ scope: 'operator,support' }],
    [{ scope: ['operator'] }],
    [{ roles: [], scope: 'operator' }],
    [{ role: 'operator', is_admin: true }],
    [{ roles: ['support'] }],
  ])('a role that is not exactly operator does not pass an operator route: %j', async (claims) => {
    const answer = await call({ path: '/operators', claims });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'ROLE_TOO_LOW', detail: expect.any(String) });
  });

  it.each([[operator], [{ roles: ['operator', 'something-else'] }], [{ scope: 'openid operator profile' }]])('an operator passes: %j', async (claims) => {
    expect((await call({ path: '/operators', claims })).statusCode).toBe(200);
  });

  it('the parameter user_id of a seller is not read', async () => {
    const answer = await call({ path: '?user_id=other' });
    expect(answer.json()).toMatchObject({ tenantId: 'own', acrossTenants: false });
    expect(await entries()).toEqual([]);
  });

  it('naming the own tenant is nothing special', async () => {
    expect((await call({ path: '?user_id=own', claims: operator })).json()).toMatchObject({ acrossTenants: false });
    expect(await entries()).toEqual([]);
  });
});

describe('in another tenant', () => {
  it('staff act by naming it, and the trail says so before the handler runs', async () => {
    const answer = await call({ path: '/items/order-1?user_id=other&reason=ticket%2012', claims: { ...support, sub: 'sam' } });
    expect(answer.statusCode).toBe(200);
    expect((await entries()).at(-1)).toEqual({
      actor: 'sam',
      actor_roles: ['support'],
      tenant_id: 'other',
      action: 'GET /api/v1/probe/items/:id',
      subject: { id: 'order-1' },
      reason: 'ticket 12',
      request_id: answer.headers['x-request-id'],
    });
  });

  it('a try that is refused is in the trail too', async () => {
    const before = (await entries()).length;
    for (const refused of [{ method: 'POST', path: '/bare?user_id=other' } as const, { path: '/operators?user_id=other' }]) {
      const answer = await call({ ...refused, claims: support });
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'OUT_OF_REACH' });
    }
    expect(await entries()).toHaveLength(before + 2);
  });

  it('support reads, operators also change', async () => {
    expect((await call({ path: '?user_id=other', claims: support })).json()).toMatchObject({ tenantId: 'other', roles: ['support'], acrossTenants: true });
    expect((await call({ path: '/staff?user_id=other', claims: support })).statusCode).toBe(200);
    expect((await call({ method: 'POST', path: '/bare?user_id=other', claims: operator })).statusCode).toBe(201);
    expect((await call({ method: 'DELETE', path: '/items/1?user_id=other', claims: operator })).statusCode).toBe(200);
  });

  it.each(['user_id=', 'user_id=a&user_id=b', `user_id=${'x'.repeat(65)}`, 'user_id=%20a'])('a name that is none is 422 for staff: %s', async (query) => {
    const answer = await call({ path: `?${query}`, claims: operator });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ errors: [{ field: 'user_id' }] });
  });

  it('nothing happens when the trail cannot be written', async () => {
    const dark = await startTestApp({ controllers: [ProbeController] });
    const before = ProbeController.handled;
    const answer = await dark.app.inject({ method: 'GET', url: '/api/v1/probe?user_id=other', headers: bearer(tokenOf('own', operator)) });
    await dark.close();
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(ProbeController.handled).toBe(before);
  });
});

describe('the audit trail', () => {
  it.each(["update audit_entries set actor = 'nobody'", 'delete from audit_entries', 'truncate audit_entries'])(
    'refuses the owner and the service alike: %s',
    async (statement) => {
      await call({ path: '?user_id=other', claims: operator });
      await expect(owner.query(statement)).rejects.toThrow(/append-only/);
      const service = new pg.Client(database.serviceUrl);
      await service.connect();
      await expect(service.query(statement)).rejects.toThrow(/permission denied/);
      await service.end();
    },
  );
});
