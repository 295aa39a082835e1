import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { feedShowsAll } from '../support/feed-horizon.js';
import type { Json } from '../support/service.js';
import { answering } from '../support/webhook-receiver.js';
import { typeOf, verified, WebhookWorld } from '../support/webhook-world.js';

const URL_OF_SHOP = 'https://hooks.example.com/orders';
/** Nothing of the kind happens here, so that no name is looked up. */
const QUIET = { event_types: ['sync.paused'] };
const UNKNOWN = '0190aaaa-bbbb-4ccc-8ddd-eeeeffff0000';
const UNKNOWN_MESSAGE = `msg_${UNKNOWN.replaceAll('-', '')}`;

let stage: WebhookWorld;
const call: WebhookWorld['service']['call'] = (...args) => stage.service.call(...args);

beforeAll(async () => {
  stage = await WebhookWorld.start();
});
afterAll(() => stage.stop());

describe('a subscription', () => {
  it('is made with its secret shown once, read, changed, switched off and on, and deleted; each change is in the audit trail', async () => {
    const wanted = { url: URL_OF_SHOP, description: 'Warehouse', event_types: ['order.created'], token_ids: [stage.shop.tokenId], payload: 'full' };
    const made = await call('POST', '/webhooks', wanted);
    expect([made.status, made.body['secret']]).toEqual([201, expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/)]);
    const id = String(made.body['id']);
    const { secret: _, ...shown } = made.body;
    expect(shown).toMatchObject({ ...wanted, account_ids: [stage.shop.accountId], state: 'active', owed: 0, failures: 0, disabled_reason: null });
    expect((await call('GET', `/webhooks/${id}`)).body).toEqual(shown);
    expect((await call('GET', '/webhooks')).body).toEqual({ webhooks: [shown] });
    const changed = await call('PATCH', `/webhooks/${id}`, { description: null, token_ids: [], payload: 'thin', state: 'disabled' });
    expect(changed.body).toMatchObject({
      url: URL_OF_SHOP,
      description: null,
      account_ids: [],
      payload: 'thin',
      state: 'disabled',
      disabled_reason: 'by_tenant',
    });
    expect((await call('PATCH', `/webhooks/${id}`, { state: 'active' })).body).toMatchObject({
      state: 'active',
      disabled_reason: null,
      event_types: ['order.created'],
    });
    expect((await stage.service.app.inject({ method: 'DELETE', url: `/api/v1/webhooks/${id}`, headers: bearer(tokenOf('tenant-a')) })).statusCode).toBe(204);
    expect((await call('GET', `/webhooks/${id}`)).body['code']).toBe('WEBHOOK_NOT_FOUND');
    await eventually('nothing of it is left', async () => {
      const { rows } = await stage.world.owner.query<{ left: number }>('select count(*)::int as left from webhooks where id = $1', [id]);
      return rows[0]?.left === 0 || null;
    });
    const { rows } = await stage.world.owner.query<{ action: string }>(`select action from audit_entries where subject ->> 'webhook_id' = $1 order by id`, [
      id,
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['webhook.create', 'webhook.change', 'webhook.change', 'webhook.delete']);
  });

  it('keeps neither secret nor address readable in the database', async () => {
    const { id, secret } = await stage.subscribe('https://hooks.example.com/t0ken-in-path', QUIET);
    const { rows } = await stage.world.owner.query<{ row: string }>(`select to_jsonb(w)::text as row from webhooks w where id = $1`, [id]);
    const raw = rows[0]?.row ?? '';
    for (const hidden of [secret, 't0ken-in-path', Buffer.from('t0ken-in-path').toString('hex'), Buffer.from(secret.slice(6), 'base64').toString('hex')]) {
      expect(raw).not.toContain(hidden);
    }
  });

  it.each([
    [{ url: 'http://hooks.example.com/' }, 400, 'WEBHOOK_ADDRESS_REFUSED'],
    [{ url: 'https://10.0.0.1/' }, 400, 'WEBHOOK_ADDRESS_REFUSED'],
    [{ url: 'https://hooks.example.com:5432/' }, 400, 'WEBHOOK_ADDRESS_REFUSED'],
    [{ url: URL_OF_SHOP, event_types: ['order.eaten'] }, 422, 'VALIDATION_FAILED'],
    [{ url: URL_OF_SHOP, payload: 'fat' }, 422, 'VALIDATION_FAILED'],
    [{ url: URL_OF_SHOP, headers: { host: 'inner' } }, 422, 'VALIDATION_FAILED'],
    [{ url: URL_OF_SHOP, description: 'two\nlines' }, 422, 'VALIDATION_FAILED'],
    [{ url: URL_OF_SHOP, token_ids: [UNKNOWN] }, 404, 'TOKEN_NOT_FOUND'],
    [{ url: `https://hooks.example.com/${'x'.repeat(2_000)}` }, 422, 'VALIDATION_FAILED'],
    [{}, 422, 'VALIDATION_FAILED'],
  ])('%j is refused with %d %s', async (body, status, code) => {
    const answer = await call('POST', '/webhooks', body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it("of another tenant cannot be told from one that does not exist, nor can its deliveries, nor another tenant's token be named", async () => {
    const { id } = await stage.subscribe((await stage.receiver()).url, QUIET);
    const ping = await call('POST', `/webhooks/${id}/ping`);
    const message = String(ping.body['message_id']);
    const ofB = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: Json) => (await call(method, path, body, 'tenant-b')).body['code'];
    for (const one of [id, UNKNOWN, 'x']) {
      const since = { since: '2026-01-01T00:00:00Z' };
      expect([
        await ofB('GET', `/webhooks/${one}`), await ofB('PATCH', `/webhooks/${one}`, {}), await ofB('DELETE', `/webhooks/${one}`), await ofB('POST', `/webhooks/${one}/secret`, {}),
        await ofB('POST', `/webhooks/${one}/ping`), await ofB('GET', `/webhooks/${one}/deliveries`), await ofB('GET', `/webhooks/${one}/deliveries/${message}`),
        await ofB('POST', `/webhooks/${one}/deliveries/${message}/replay`), await ofB('POST', `/webhooks/${one}/replay`, since),
      ]).toEqual(Array.from({ length: 9 }, () => 'WEBHOOK_NOT_FOUND')); // prettier-ignore
    }
    const own = String((await call('POST', '/webhooks', { url: URL_OF_SHOP }, 'tenant-b')).body['id']);
    for (const foreign of [message, UNKNOWN_MESSAGE, 'x']) {
      expect(await ofB('POST', `/webhooks/${own}/deliveries/${foreign}/replay`)).toBe('WEBHOOK_DELIVERY_NOT_FOUND');
      expect(await ofB('GET', `/webhooks/${own}/deliveries/${foreign}`)).toBe('WEBHOOK_DELIVERY_NOT_FOUND');
    }
    expect(await ofB('PATCH', `/webhooks/${own}`, { token_ids: [stage.shop.tokenId] })).toBe('TOKEN_NOT_FOUND');
  });

  it('is one of at most twenty', async () => {
    for (let count = 0; count < 20; count += 1) await call('POST', '/webhooks', { url: URL_OF_SHOP }, 'tenant-many');
    expect((await call('POST', '/webhooks', { url: URL_OF_SHOP }, 'tenant-many')).body['code']).toBe('WEBHOOK_LIMIT_REACHED');
  });

  it('is read by support, who may neither change it nor see what receivers answer', async () => {
    const { id } = await stage.subscribe(URL_OF_SHOP, QUIET);
    const as = (roles: string[]) => bearer(tokenOf('tenant-support', { roles }));
    const status = async (method: 'GET' | 'POST', path: string, roles: string[]) =>
      (await stage.service.app.inject({ method, url: `/api/v1/webhooks/${id}${path}?user_id=tenant-a&reason=ticket`, headers: as(roles) })).statusCode;
    expect([await status('GET', '', ['support']), await status('GET', '/deliveries', ['support'])]).toEqual([200, 200]);
    expect([await status('GET', `/deliveries/${UNKNOWN_MESSAGE}`, ['support']), await status('POST', '/ping', ['support'])]).toEqual([404, 404]);
  });
});

describe('a secret', () => {
  it('that is exchanged signs beside the new one for as long as was asked, then no more', async () => {
    const receiver = await stage.receiver();
    const { id, secret } = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    const rotated = await call('POST', `/webhooks/${id}/secret`, { overlap_hours: 2 });
    const next = String(rotated.body['secret']);
    expect(Date.parse(String(rotated.body['previous_secret_until'])) - Date.now()).toBeGreaterThan(7_100_000);
    await stage.read('rotated-1');
    await eventually('the first', () => receiver.received.length === 1 || null);
    expect(verified(receiver.received[0]!, secret)).toEqual(verified(receiver.received[0]!, next));
    await stage.world.owner.query(`update webhook_previous_secrets set valid_until = now() where webhook_id = $1`, [id]);
    await stage.read('rotated-2');
    await eventually('the second', () => receiver.received.length === 2 || null);
    expect(verified(receiver.received[1]!, next)['type']).toBe('order.created');
    expect(() => verified(receiver.received[1]!, secret)).toThrow('No matching signature found');
    expect(new Webhook(next)).toBeDefined();
  });

  it.each([{}, { overlap_hours: null }])('that is exchanged with %j signs for a day more', async (body) => {
    const { id } = await stage.subscribe((await stage.receiver()).url, { event_types: ['order.created'] });
    const rotated = await call('POST', `/webhooks/${id}/secret`, body);
    const left = Date.parse(String(rotated.body['previous_secret_until'])) - Date.now();
    expect(Math.round(left / 3_600_000)).toBe(24);
    const { rows } = await stage.world.owner.query('select from webhook_previous_secrets where webhook_id = $1', [id]);
    expect(rows).toHaveLength(1);
  });

  it('that is exchanged twice silences nobody: each signs as long as was promised, and no overlap ends all', async () => {
    const receiver = await stage.receiver();
    const { id, secret } = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    const rotate = async (hours: number) => call('POST', `/webhooks/${id}/secret`, { overlap_hours: hours });
    const secrets = [secret, String((await rotate(2)).body['secret']), String((await rotate(1)).body['secret'])];
    await stage.read('twice-1');
    await eventually('the first', () => receiver.received.length === 1 || null);
    for (const each of secrets) expect(verified(receiver.received[0]!, each)['type']).toBe('order.created');
    await rotate(1);
    await rotate(1);
    expect((await rotate(1)).body).toMatchObject({ status: 409, code: 'WEBHOOK_SECRETS_OVERLAP' });
    const last = String((await rotate(0)).body['secret']);
    await stage.read('twice-2');
    await eventually('the second', () => receiver.received.length === 2 || null);
    expect(verified(receiver.received[1]!, last)['type']).toBe('order.created');
    for (const each of secrets) expect(() => verified(receiver.received[1]!, each)).toThrow('No matching signature found');
  });
});

describe('sending again', () => {
  it('tests a receiver once and tells what came of it; a test that fails is not repeated and counts against nobody', async () => {
    const receiver = await stage.receiver(answering(500, {}, 'not yet'));
    const { id, secret } = await stage.subscribe(receiver.url);
    const { status, body } = await call('POST', `/webhooks/${id}/ping`);
    expect([status, body['state']]).toEqual([202, 'owed']);
    expect(await stage.ended(id)).toMatchObject({ message_id: body['message_id'], type: 'webhook.ping', state: 'failed', attempts: 1, last_status: 500 });
    expect(verified(receiver.received[0]!, secret)).toMatchObject({ type: 'webhook.ping', data: { webhook_id: id } });
    expect(await stage.webhook(id)).toMatchObject({ failures: 0, failing_since: null });
  });

  it('sends one delivery again under its id, and all since an instant, each under the id it had', async () => {
    const receiver = await stage.receiver();
    const { id } = await stage.subscribe(receiver.url, { event_types: ['order.created', 'order.updated'] });
    const since = new Date().toISOString();
    await stage.read('again-1');
    await stage.read('again-1', { revision: 'r2' });
    await stage.read('again-2');
    await eventually('all three', () => receiver.received.length === 3 || null);
    const idsOf = (from: number, to?: number) => receiver.received.slice(from, to).map(({ headers }) => headers['webhook-id']);
    const before = idsOf(0);
    const settled = async () => (await stage.deliveries(id)).every(({ state }) => state === 'delivered') || null;
    await eventually('all are settled', settled);
    expect((await call('POST', `/webhooks/${id}/deliveries/${String(before[1])}/replay`)).status).toBe(202);
    await eventually('the one', () => receiver.received.length === 4 || null);
    expect(idsOf(3)).toEqual([before[1]]);
    await eventually('it is settled', settled);
    expect(await call('POST', `/webhooks/${id}/replay`, { since })).toMatchObject({ status: 202, body: { replay_since: since } });
    await eventually('all again', () => receiver.received.length === 7 || null);
    expect(idsOf(4).sort()).toEqual([...before].sort());
    const again = receiver.received.slice(4).filter(({ body }) => body.includes('again-1'));
    expect(again.map(typeOf)).toEqual(['order.created', 'order.updated']);
    expect(await eventually('the replay ended', async () => [await stage.webhook(id)].find(({ replay_since }) => replay_since === null))).toBeDefined();
  });

  it('brings what happened while a webhook was switched off, when it is asked for', async () => {
    const receiver = await stage.receiver();
    const { id } = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    await call('PATCH', `/webhooks/${id}`, { state: 'disabled' });
    expect((await call('POST', `/webhooks/${id}/replay`, { since: '2026-01-01T00:00:00Z' })).body['code']).toBe('WEBHOOK_DISABLED');
    const since = new Date().toISOString();
    await stage.read('missed-1');
    await feedShowsAll(stage.world.owner);
    await call('PATCH', `/webhooks/${id}`, { state: 'active' });
    await stage.read('seen-1');
    await eventually('what came after', () => receiver.received.length === 1 || null);
    await call('POST', `/webhooks/${id}/replay`, { since });
    await eventually('what was missed', () => receiver.received.some(({ body }) => body.includes('missed-1')) || null);
    expect((await call('POST', `/webhooks/${id}/replay`, {})).body['code']).toBe('VALIDATION_FAILED');
  });
});

describe('the log of deliveries', () => {
  it('is paged newest first and filtered, and its cursor is good for no other webhook', async () => {
    const receiver = await stage.receiver(({ body }, response) => answering(body.includes('log-2') ? 400 : 204)({ body, headers: {} }, response));
    const { id } = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    for (const order of ['log-1', 'log-2', 'log-3']) {
      await stage.read(order);
      await eventually(
        'it is in the log',
        async () => (await stage.deliveries(id)).some(({ order_id, attempts }) => order_id === order && attempts === 1) || null,
      );
    }
    const page = async (query: string) => (await call('GET', `/webhooks/${id}/deliveries${query}`)).body;
    const orders = (body: Json) => (body['deliveries'] as Json[]).map(({ order_id }) => order_id);
    const first = await page('?limit=2');
    expect(orders(first)).toEqual(['log-3', 'log-2']);
    const rest = await page(`?limit=2&cursor=${String(first['next_cursor'])}`);
    expect([orders(rest), rest['next_cursor']]).toEqual([['log-1'], null]);
    expect([orders(await page('?state=owed')), orders(await page('?order_id=log-3')), orders(await page('?type=order.updated'))]).toEqual([
      ['log-2'],
      ['log-3'],
      [],
    ]);
    const other = await stage.subscribe(URL_OF_SHOP, QUIET);
    const foreign = await call('GET', `/webhooks/${other.id}/deliveries?cursor=${String(first['next_cursor'])}`);
    expect([foreign.status, foreign.body['code']]).toEqual([422, 'VALIDATION_FAILED']);
  });
});
