import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { freshPair, type TokenWorld, tokenWorld } from '../support/token-app.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

describe('the tokens of a tenant', () => {
  let world: TokenWorld;
  let app: Service;
  let sellers: string[];

  beforeAll(async () => {
    world = await tokenWorld();
    app = await Service.start(world);
    sellers = world.sandbox.sellers().map(({ id }) => id);
  });

  afterAll(async () => {
    await app.stop();
    await world.release();
  });

  const seller = (index: number): string => sellers[index] ?? '';

  it('an imported pair is a token of the seller that Allegro names, and shows no secret', async () => {
    const pair = await freshPair(world, seller(0));
    const { status, body } = await app.request('POST', '/tokens/', { tenant: 'basics', body: { account_name: ' Main shop ', ...pair } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      user_id: 'basics',
      account_name: 'Main shop',
      is_active: true,
      state: 'active',
      allegro_user_id: seller(0),
      environment: 'sandbox',
      is_leader: true,
    });
    expect(JSON.stringify(body)).not.toContain(pair.allegro_token.slice(0, 20));
    expect(Object.keys(body)).toEqual(expect.arrayContaining(['id', 'user_id', 'account_name', 'expires_at', 'is_active', 'created_at', 'updated_at']));
    const left = Date.parse(String(body['expires_at'])) - Date.now();
    expect(left).toBeGreaterThan(43_000_000);
  });

  it('a name in use is refused before Allegro is asked anything', async () => {
    await app.import('Taken', seller(0), 'names');
    const asked = world.sandbox.stats().requests;
    const pair = { allegro_token: 'x', refresh_token: 'y', expires_at: '2099-01-01T00:00:00Z' };
    const imported = await app.request('POST', '/tokens', { tenant: 'names', body: { account_name: 'Taken', ...pair } });
    const linked = await app.request('POST', '/tokens/auth/initialize', { tenant: 'names', body: { account_name: 'Taken' } });
    expect([imported.status, imported.body['code'], linked.status, linked.body['code']]).toEqual([409, 'ACCOUNT_NAME_TAKEN', 409, 'ACCOUNT_NAME_TAKEN']);
    expect(world.sandbox.stats().requests).toEqual(asked);
    const other = await app.import('Taken', seller(0), 'names-of-another-tenant');
    expect(other).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a pair that Allegro does not accept is refused and leaves the name free', async () => {
    const body = { account_name: 'Broken', allegro_token: 'not-a-token', refresh_token: 'canary-4711', expires_at: '2099-01-01T00:00:00Z' };
    const { status, body: problem } = await app.request('POST', '/tokens', { tenant: 'broken', body });
    expect([status, problem['code']]).toEqual([422, 'TOKEN_REFUSED']);
    expect(JSON.stringify(problem)).not.toContain('canary-4711');
    expect(await app.import('Broken', seller(0), 'broken')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a pair whose access token has ended is refreshed before the seller is asked for', async () => {
    const pair = await freshPair(world, seller(1));
    const { status, body } = await app.request('POST', '/tokens', {
      tenant: 'stale',
      body: { account_name: 'Stale', ...pair, expires_at: '2020-01-01T00:00:00' },
    });
    expect(status).toBe(200);
    expect(Date.parse(String(body['expires_at']))).toBeGreaterThan(Date.now());
  });

  it('two tenants that hold the same seller have two accounts and see nothing of each other', async () => {
    const mine = await app.import('Shop', seller(0), 'agency-a');
    const theirs = await app.import('Shop', seller(0), 'agency-b');
    const [a, b] = [await app.request('GET', `/tokens/${mine}`, { tenant: 'agency-a' }), await app.request('GET', `/tokens/${theirs}`, { tenant: 'agency-b' })];
    expect(a.body['account_id']).not.toBe(b.body['account_id']);
    expect(a.body['allegro_user_id']).toBe(b.body['allegro_user_id']);
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const { status, body } = await app.request(method, `/tokens/${theirs}`, {
        tenant: 'agency-a',
        ...(method === 'PUT' ? { body: { account_name: 'Mine now' } } : {}),
      });
      expect([method, status, body['code']]).toEqual([method, 404, 'TOKEN_NOT_FOUND']);
    }
    for (const action of ['refresh', 'validate']) {
      expect((await app.request('POST', `/tokens/${theirs}/${action}`, { tenant: 'agency-a' })).status).toBe(404);
    }
    expect((await app.request('GET', `/tokens/${theirs}`, { tenant: 'agency-b' })).body).toMatchObject({ account_name: 'Shop', is_active: true });
  });

  it.each([UNKNOWN, 'no-uuid', '%25'])('the token %s is not there', async (id) => {
    expect((await app.request('GET', `/tokens/${id}`)).status).toBe(404);
  });

  it('lists pages oldest first, clamps their size and hides deactivated tokens unless asked', async () => {
    const ids = [await app.import('One', seller(0), 'lists'), await app.import('Two', seller(1), 'lists'), await app.import('Three', seller(2), 'lists')];
    await app.request('DELETE', `/tokens/${ids[1] ?? ''}`, { tenant: 'lists' });
    const listed = async (query: string): Promise<unknown[]> => {
      const { body } = await app.request('GET', `/tokens/${query}`, { tenant: 'lists' });
      return [(body['tokens'] as { account_name: string }[]).map((token) => token.account_name), body['total'], body['page'], body['per_page']];
    };
    expect(await listed('')).toEqual([['One', 'Three'], 2, 1, 10]);
    expect(await listed('?active_only=False&per_page=1000')).toEqual([['One', 'Two', 'Three'], 3, 1, 100]);
    expect(await listed('?active_only=0&per_page=2&page=2')).toEqual([['Three'], 3, 2, 2]);
    expect((await app.request('GET', '/tokens?page=0', { tenant: 'lists' })).status).toBe(422);
  });

  it("another user's tokens are for operators, who leave a trace", async () => {
    await app.import('Own', seller(0), 'watched');
    const own = await app.request('GET', '/tokens/user/watched', { tenant: 'watched' });
    expect(own.body).toHaveLength(1);
    for (const roles of [['seller'], ['support']] as const) {
      expect((await app.request('GET', '/tokens/user/watched', { tenant: 'curious', roles })).status).toBe(404);
    }
    const staff = await app.request('GET', '/tokens/user/watched', { tenant: 'staff', roles: ['operator'] });
    expect([staff.status, (staff.body as unknown as unknown[]).length]).toEqual([200, 1]);
    const { rows } = await world.owner.query(`select actor from audit_entries where tenant_id = 'watched' and actor <> tenant_id`);
    expect(rows).toEqual([{ actor: 'staff' }]);
  });

  it.each([
    ['an unknown field', { account_name: 'A', allegro_token: 'a', refresh_token: 'b', expires_at: '2099-01-01T00:00:00Z', is_admin: true }],
    ['no name', { account_name: '  ', allegro_token: 'a', refresh_token: 'b', expires_at: '2099-01-01T00:00:00Z' }],
    ['no date', { account_name: 'A', allegro_token: 'a', refresh_token: 'b', expires_at: 'tomorrow' }],
    ['a name with an invisible character', { account_name: 'A\u202eB', allegro_token: 'a', refresh_token: 'b', expires_at: '2099-01-01T00:00:00Z' }],
    ['a secret that is no text', { account_name: 'A', allegro_token: 7, refresh_token: 'b', expires_at: '2099-01-01T00:00:00Z' }],
  ])('an import with %s is refused as invalid', async (_case, body) => {
    const answer = await app.request('POST', '/tokens', { body });
    expect([answer.status, answer.body['code']]).toEqual([422, 'VALIDATION_FAILED']);
  });
});
