import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { callWith, inDays, KEY_SHAPE, type KeyAnswer, type KeyCall, type KeyWorld, keyWorld, type MadeKey, makeKey } from '../support/key-client.js';
import { type Json, Service } from '../support/service.js';
import type { TokenWorld } from '../support/token-app.js';

let keys: KeyWorld;
let world: TokenWorld;
let service: Service;
let other: Service;
let tokenId: string;

beforeAll(async () => {
  keys = await keyWorld();
  ({ world, service, other, tokenId } = keys);
});
afterAll(() => keys.stop());

const ask = (token: string, { at = service, ...call }: KeyCall & { readonly at?: Service }): Promise<KeyAnswer> => callWith(at, token, call);
const made = (scopes: readonly string[], tenant?: string): Promise<MadeKey> => makeKey(service, scopes, tenant);
const orders = (): string => keys.orders;
const stored = async (): Promise<string> => {
  const tables = ['machine_keys', 'audit_entries', 'idempotency_keys'].map((table) => `select t::text as row from ${table} t`);
  const { rows } = await world.owner.query<{ row: string }>(tables.join(' union all '));
  return rows.map(({ row }) => row).join('\n');
};

describe('a machine key that was made', () => {
  it('is shown once, and from then on only what it is', async () => {
    const answer = await service.call('POST', '/keys', { name: '  Warehouse ', scopes: ['orders:read'], expires_at: inDays(30) });
    expect(answer.status).toBe(201);
    const { key, ...shown } = answer.body;
    expect(key).toMatch(KEY_SHAPE);
    expect(shown).toMatchObject({ name: 'Warehouse', scopes: ['orders:read'], state: 'active', created_by: 'tenant-a', last_used_at: null, revoked_at: null });
    expect(String(key).startsWith(`${String(shown['prefix'])}_`)).toBe(true);
    expect((await service.call('GET', `/keys/${String(shown['id'])}`)).body).toEqual(shown);
    const list = await service.call('GET', '/keys');
    expect(list.body['keys']).toContainEqual(shown);
    expect(JSON.stringify(list.body)).not.toContain(String(key).split('_')[2]);
  });

  it('calls as a bearer, in its own tenant and within its scopes', async () => {
    const { key } = await made(['orders:read']);
    expect((await ask(key, { path: orders() })).status).toBe(200);
    expect((await ask(key, { path: orders(), at: other })).status).toBe(200);
    const refused = await ask(key, { path: '/webhooks' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING', scope: 'webhooks:read' } });
    expect(refused.text).toContain('webhooks:read');
  });

  it('reaches no other tenant, and nothing of staff, whoever made it', async () => {
    const answer = await ask(tokenOf('tenant-a', { sub: 'olga', roles: ['operator'] }), {
      method: 'POST',
      path: '/keys',
      body: { name: 'made by an operator', scopes: ['orders:read', 'accounts:read'], expires_at: inDays(1) },
    });
    const key = String(answer.body['key']);
    const foreign = (await made(['orders:read'], 'tenant-b')).key;
    expect((await ask(foreign, { path: orders() })).status).toBe(404);
    expect((await ask(foreign, { path: `${orders()}&user_id=tenant-a` })).status).toBe(404);
    expect((await ask(key, { path: '/tokens/user/tenant-b' })).status).toBe(404);
    for (const path of ['/audit', '/fleet', `/restore-plans?token_id=${tokenId}`, `/keys`, '/erasures']) {
      expect({ path, ...(await ask(key, { path })) }).toMatchObject({ path, status: 403, body: { code: 'MACHINE_KEY_REFUSED' } });
    }
  });

  it('makes, rotates and revokes no keys', async () => {
    const { key, id } = await made(['orders:read', 'sync:write']);
    const body = { name: 'child', scopes: ['orders:read'], expires_at: inDays(1) };
    const tries = [
      await ask(key, { method: 'POST', path: '/keys', body }),
      await ask(key, { method: 'POST', path: `/keys/${id}/rotate`, body: {} }),
      await ask(key, { method: 'DELETE', path: `/keys/${id}` }),
    ];
    expect(tries.map(({ status, body: { code } }) => [status, code])).toEqual(Array(3).fill([403, 'MACHINE_KEY_REFUSED']));
  });

  it('is stored as a keyed hash alone, and its secret is in no table and no list', async () => {
    const answer = await ask(tokenOf('tenant-a'), {
      method: 'POST',
      path: '/keys',
      body: { name: 'kept nowhere', scopes: ['orders:read'], expires_at: inDays(1) },
      headers: { 'idempotency-key': 'keys-1' },
    });
    const secret = String(answer.body['key']).split('_')[2] ?? '';
    expect(secret).toHaveLength(64);
    const text = await stored();
    expect(text).toContain('kept nowhere');
    expect(text).not.toContain(secret.slice(0, 40));
    const { rows } = await world.owner.query(`select status, answer from idempotency_keys where key = 'keys-1'`);
    expect(rows).toEqual([{ status: 201, answer: null }]);
  });

  it('is not made twice under one Idempotency-Key, and not shown again', async () => {
    const again = { method: 'POST' as const, path: '/keys', headers: { 'idempotency-key': 'keys-2' } };
    const body = { name: 'once', scopes: ['orders:read'], expires_at: inDays(1) };
    expect((await ask(tokenOf('tenant-a'), { ...again, body })).status).toBe(201);
    const repeated = await ask(tokenOf('tenant-a'), { ...again, body });
    expect(repeated).toMatchObject({ status: 409, body: { code: 'IDEMPOTENT_ANSWER_FORGOTTEN' } });
    expect(repeated.text).not.toContain('aolk_');
    const { rows } = await world.owner.query(`select count(*)::int as made from machine_keys where name = 'once'`);
    expect(rows).toEqual([{ made: 1 }]);
  });

  it('notes its last use to the minute: a hundred calls are one write', async () => {
    const { key, id } = await made(['orders:read']);
    const version = async () =>
      (await world.owner.query<{ xmin: string; used: Date | null }>('select xmin::text, last_used_at as used from machine_keys where id = $1', [id])).rows[0];
    const before = await version();
    await ask(key, { path: orders() });
    const first = await version();
    expect(first?.used).toBeInstanceOf(Date);
    expect(first?.xmin).not.toBe(before?.xmin);
    await Promise.all(Array.from({ length: 100 }, (_, call) => ask(key, { path: orders(), at: call % 2 === 0 ? service : other })));
    expect(await version()).toEqual(first);
    await world.owner.query(`update machine_keys set last_used_at = now() - interval '61 seconds' where id = $1`, [id]);
    await ask(key, { path: orders() });
    expect((await version())?.used?.getTime()).toBeGreaterThan(Date.now() - 30_000);
  });
});

describe('making machine keys', () => {
  const valid = { name: 'a', scopes: ['orders:read'], expires_at: inDays(1) };
  it.each([
    ['no end', { expires_at: undefined }],
    ['an end in the past', { expires_at: inDays(-1) }],
    ['an end beyond a year', { expires_at: inDays(367) }],
    ['no scopes', { scopes: [] }],
    ['an unknown scope', { scopes: ['orders:write'] }],
    ['a scope twice', { scopes: ['orders:read', 'orders:read'] }],
    ['no name', { name: ' ' }],
    ['a name nobody can read', { name: 'a‮b' }],
    ['fields of ours', { id: '00000000-0000-4000-8000-000000000000', tenant_id: 'tenant-b', roles: ['operator'], created_by: 'x', last_used_at: null }],
  ])('is refused with %s', async (_, change) => {
    expect(await service.call('POST', '/keys', { ...valid, ...change })).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
  });

  it('is no way for support to personal data, by a new key or by the secret of another', async () => {
    const support = tokenOf('tenant-a', { roles: ['support'] });
    const body = { ...valid, scopes: ['orders:read', 'personal-data:read'] };
    expect(await ask(support, { method: 'POST', path: '/keys', body })).toMatchObject({ status: 403, body: { scope: 'personal-data:read' } });
    const { id } = await made(['orders:read', 'personal-data:read']);
    expect(await ask(support, { method: 'POST', path: `/keys/${id}/rotate`, body: {} })).toMatchObject({ status: 403, body: { scope: 'personal-data:read' } });
    expect((await ask(support, { method: 'POST', path: '/keys', body: valid })).status).toBe(201);
  });

  it('stops at fifty live ones of a tenant, also when many are asked for at once', async () => {
    const make = () => service.call('POST', '/keys', { ...valid, name: 'many' }, 'tenant-many');
    const answers = await Promise.all(Array.from({ length: 60 }, make));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(answers.filter(({ body }) => body['code'] === 'MACHINE_KEY_LIMIT_REACHED')).toHaveLength(10);
    const first = String(answers.find(({ status }) => status === 201)?.body['id']);
    await service.app.inject({ method: 'DELETE', url: `/api/v1/keys/${first}`, headers: bearer(tokenOf('tenant-many')) });
    expect((await make()).status).toBe(201);
    const names = new Set<unknown>();
    let cursor = '';
    do {
      const { body } = await service.call('GET', `/keys?limit=20${cursor}`, undefined, 'tenant-many');
      for (const { id } of body['keys'] as Json[]) names.add(id);
      cursor = body['next_cursor'] === null ? '' : `&cursor=${String(body['next_cursor'])}`;
    } while (cursor !== '');
    expect(names.size).toBe(51);
    const foreign = await service.call('GET', '/keys?limit=1', undefined, 'tenant-many');
    expect((await service.call('GET', `/keys?cursor=${String(foreign.body['next_cursor'])}`)).status).toBe(422);
  });
});

describe('who did it', () => {
  it('is in the audit trail: making, rotating, revoking', async () => {
    const anna = tokenOf('tenant-audit', { sub: 'anna' });
    const { body } = await ask(anna, { method: 'POST', path: '/keys', body: { name: 'a', scopes: ['orders:read'], expires_at: inDays(1) } });
    const id = String(body['id']);
    await ask(anna, { method: 'POST', path: `/keys/${id}/rotate`, body: {} });
    await ask(anna, { method: 'DELETE', path: `/keys/${id}` });
    await ask(anna, { method: 'DELETE', path: `/keys/${id}` });
    const trail = await ask(tokenOf('tenant-audit', { roles: ['operator'] }), { path: `/audit?subject=${id}` });
    const entries = trail.body['entries'] as Json[];
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['machine_key.revoke', 'anna'],
      ['machine_key.rotate', 'anna'],
      ['machine_key.create', 'anna'],
    ]);
    expect((await ask(anna, { path: `/keys/${id}` })).body).toMatchObject({ state: 'revoked', revoked_by: 'anna' });
  });

  it('is the key where a key did it, also where it was refused', async () => {
    const { key, id } = await made(['webhooks:write'], 'tenant-audit');
    const body = { url: 'https://hooks.example.com/a', event_types: ['sync.paused'] };
    expect((await ask(key, { method: 'POST', path: '/webhooks', body })).status).toBe(201);
    expect((await ask(key, { method: 'POST', path: '/sync/start', body: { token_id: tokenId } })).status).toBe(403);
    const trail = await ask(tokenOf('tenant-audit', { roles: ['operator'] }), { path: `/audit?actor=key:${id}` });
    expect((trail.body['entries'] as Json[]).map(({ action }) => action)).toEqual(['POST /api/v1/sync/start', 'webhook.create']);
  });
});

describe('how much a key may ask', () => {
  it('is what its tenant may: keys and people use up one allowance', async () => {
    const few = await Service.start(world, { env: { RATE_LIMIT_PER_MINUTE: '6' } });
    const { key } = await made(['orders:read'], 'tenant-limited');
    const second = (await made(['orders:read'], 'tenant-limited')).key;
    const statuses: number[] = [];
    for (const token of [key, second, tokenOf('tenant-limited'), key, second, tokenOf('tenant-limited'), key, second]) {
      statuses.push((await ask(token, { path: orders(), at: few })).status);
    }
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 429, 429]);
    await few.stop();
  });
});
