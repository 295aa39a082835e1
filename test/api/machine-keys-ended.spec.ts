import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeMachineKey } from '../../src/platform/http/access/machine-key.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { callWith, inDays, KEY_SHAPE, type KeyAnswer, type KeyCall, type KeyWorld, keyWorld, type MadeKey, makeKey } from '../support/key-client.js';
import { ProbeController } from '../support/probe.controller.js';
import type { Service } from '../support/service.js';
import { startTestApp } from '../support/test-app.js';
import type { TokenWorld } from '../support/token-app.js';

let keys: KeyWorld;
let world: TokenWorld;
let service: Service;
let other: Service;

beforeAll(async () => {
  keys = await keyWorld();
  ({ world, service, other } = keys);
});
afterAll(() => keys.stop());

const ask = (token: string, { at = service, ...call }: KeyCall & { readonly at?: Service }): Promise<KeyAnswer> => callWith(at, token, call);
const made = (scopes: readonly string[]): Promise<MadeKey> => makeKey(service, scopes);
const orders = (): string => keys.orders;

describe('a machine key that is refused', () => {
  const refusal = { code: 'ACCESS_TOKEN_INVALID', detail: 'The access token is not valid.' };

  it('is so in the same words as a bad token: unknown, mistyped, expired or revoked', async () => {
    const expired = await made(['orders:read']);
    await world.owner.query(`update machine_keys set expires_at = now() - interval '1 second' where id = $1`, [expired.id]);
    const revoked = await made(['orders:read']);
    expect((await service.app.inject({ method: 'DELETE', url: `/api/v1/keys/${revoked.id}`, headers: bearer(tokenOf('tenant-a')) })).statusCode).toBe(204);
    const gone = await made(['orders:read']);
    await world.owner.query('delete from machine_keys where id = $1', [gone.id]);
    const swapped = `${(await made(['orders:read'])).key.slice(0, 38)}${(await made(['orders:read'])).key.slice(38)}`;
    const mistyped = expired.key.slice(0, -1) + (expired.key.endsWith('0') ? '1' : '0');
    for (const key of [expired.key, revoked.key, gone.key, swapped, mistyped, `${gone.key}0`, gone.key.toUpperCase(), 'aolk_', tokenOf('tenant-a').slice(1)]) {
      const answer = await ask(key, { path: orders() });
      expect({ key, status: answer.status, body: answer.body }).toMatchObject({ key, status: 401, body: refusal });
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="allegro-order-log", error="invalid_token"');
    }
  });

  it('is so without a look into the database when nobody here made it', async () => {
    const dark = await startTestApp({ controllers: [ProbeController] });
    const pepper = Buffer.from(dark.configuration.hashPepper.reveal(), 'base64');
    const call = (key: string) => dark.app.inject({ url: '/api/v1/probe', headers: bearer(key) });
    const id = randomUUID();
    expect((await call(makeMachineKey(id, Buffer.alloc(32, 7)).reveal())).statusCode).toBe(401);
    expect((await call(makeMachineKey(id, pepper).reveal())).statusCode).toBe(503);
    const answered = dark.logLines.join('');
    expect(answered).not.toMatch(/aolk_[0-9a-f]{32}_/);
    await dark.close();
  });

  it('by every process from the next request on', async () => {
    const { key, id } = await made(['orders:read']);
    expect((await ask(key, { path: orders(), at: other })).status).toBe(200);
    await service.app.inject({ method: 'DELETE', url: `/api/v1/keys/${id}`, headers: bearer(tokenOf('tenant-a')) });
    expect((await ask(key, { path: orders(), at: other })).status).toBe(401);
    expect((await ask(key, { path: orders() })).status).toBe(401);
  });

  it('beside another Authorization header, in a query and in a cookie', async () => {
    const { key } = await made(['orders:read']);
    expect((await ask('', { path: `${orders()}&access_token=${key}` })).status).toBe(401);
    const answers = await Promise.all([
      service.app.inject({ url: `/api/v1${orders()}`, headers: { cookie: `key=${key}` } }),
      service.app.inject({ url: `/api/v1${orders()}`, headers: { 'x-api-key': key } }),
      service.app.inject({ url: `/api/v1${orders()}`, headers: { authorization: `Basic ${key}` } }),
      service.app.inject({ url: `/api/v1${orders()}`, headers: { authorization: `Bearer ${key} ${key}` } }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401]);
  });

  it('cannot be passed for by a token whose sub looks like one', async () => {
    const { id } = await made(['orders:read']);
    expect((await ask(tokenOf('tenant-a', { sub: `key:${id}` }), { path: orders() })).status).toBe(401);
  });
});

describe('rotating a machine key', () => {
  it('takes both secrets for the overlap, and one alone after it', async () => {
    const { key: first, id } = await made(['orders:read']);
    const rotated = await service.call('POST', `/keys/${id}/rotate`, { overlap_hours: 2 });
    expect(rotated.status).toBe(200);
    const second = String(rotated.body['key']);
    expect(second).toMatch(KEY_SHAPE);
    expect(second).not.toBe(first);
    expect(rotated.body).toMatchObject({ id, previous_secret_until: expect.any(String) });
    expect([(await ask(first, { path: orders() })).status, (await ask(second, { path: orders() })).status]).toEqual([200, 200]);
    await world.owner.query('update machine_keys set previous_until = now() where id = $1', [id]);
    expect([(await ask(first, { path: orders() })).status, (await ask(second, { path: orders() })).status]).toEqual([401, 200]);
  });

  it('without overlap ends the secret of so far at once, and with a new end goes on until then', async () => {
    const { key: first, id } = await made(['orders:read']);
    const end = inDays(300);
    const { body } = await service.call('POST', `/keys/${id}/rotate`, { overlap_hours: 0, expires_at: end });
    expect(body).toMatchObject({ expires_at: end, previous_secret_until: null });
    expect([(await ask(first, { path: orders() })).status, (await ask(String(body['key']), { path: orders() })).status]).toEqual([401, 200]);
  });

  it('is refused for one that has ended', async () => {
    const { id } = await made(['orders:read']);
    await world.owner.query(`update machine_keys set expires_at = now() where id = $1`, [id]);
    expect(await service.call('POST', `/keys/${id}/rotate`, {})).toMatchObject({ status: 409, body: { code: 'MACHINE_KEY_ENDED' } });
  });
});
