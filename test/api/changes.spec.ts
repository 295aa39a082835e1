import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { bearer, inSeconds, tokenOf } from '../support/access-tokens.js';
import { changeRounds } from '../support/change-rounds.js';
import { feedShowsAll } from '../support/feed-horizon.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

describe('the feed of changes', () => {
  let world: TokenWorld;
  let service: Service;
  const shops: { tokenId: string; accountId: string }[] = [];

  beforeAll(async () => {
    world = await tokenWorld();
    service = await Service.start(world);
    const [first, second, third] = world.sandbox.sellers();
    shops.push(await service.connect('one', first?.id), await service.connect('two', second?.id));
    shops.push(await service.connect('theirs', third?.id, 'tenant-b'));
  });

  afterAll(async () => {
    await service.stop();
    await world.release();
  });

  const read = async (shop: number, id: string, changes: Record<string, string> = {}) => {
    const forms = [formReading(inventedForm(id, changes))];
    await service.app.get(OrderRecorder).record({ accountId: shops[shop]?.accountId ?? '', fence: null, actor: 'sync', journal: [], forms });
    await feedShowsAll(world.owner);
  };
  const changes = async (query = '', tenant = 'tenant-a') => (await service.call('GET', `/changes${query}`, undefined, tenant)).body;
  const told = (body: Json) => (body['changes'] as Json[]).map((change) => [change['order_id'], change['topics']]);

  it('answers the changes of all accounts of the tenant, page by page, each once, and of one account where it is named', async () => {
    await read(0, 'a');
    await read(1, 'b', { status: 'BOUGHT' });
    await read(2, 'foreign');
    await read(0, 'a', { status: 'CANCELLED', revision: 'r2' });
    const all = await changes();
    expect(told(all)).toEqual([
      ['a', ['order.created', 'order.ready_for_processing']],
      ['b', ['order.created']],
      ['a', ['order.updated', 'order.cancelled']],
    ]);
    expect((all['changes'] as Json[])[2]).toEqual({
      id: expect.any(String), topics: ['order.updated', 'order.cancelled'], account_id: shops[0]?.accountId, token_id: shops[0]?.tokenId, order_id: 'a', version: 2,
      changed: ['status', 'revision'], announced_at: expect.stringMatching(/Z$/),
    }); // prettier-ignore
    expect(all).toMatchObject({ has_more: false, next: (all['changes'] as Json[])[2]?.['id'] });
    const first = await changes('?limit=2');
    expect([told(first).length, first['has_more']]).toEqual([2, true]);
    expect(told(await changes(`?limit=2&after=${String(first['next'])}`))).toEqual([['a', ['order.updated', 'order.cancelled']]]);
    expect(told(await changes(`?token_id=${String(shops[1]?.tokenId)}`))).toEqual([['b', ['order.created']]]);
  });

  it('waits for the first change, and answers it when it comes', async () => {
    const { next } = await changes('?after=now');
    const waiting = changes(`?after=${String(next)}&wait=20`);
    await read(0, 'late');
    expect(told(await waiting)).toEqual([['late', ['order.created', 'order.ready_for_processing']]]);
  });

  it('names how far it has heard when nothing came, so that who hears nothing for long does not fall behind', async () => {
    const { next } = await changes('?after=now');
    await read(2, 'of-another-tenant');
    const empty = await changes(`?after=${String(next)}&wait=1`);
    expect(empty).toEqual({ changes: [], next: expect.any(String), has_more: false });
    expect(empty['next']).not.toBe(next);
    await read(0, 'after-the-silence');
    for (const place of [next, empty['next']]) expect(told(await changes(`?after=${String(place)}`))).toEqual([['after-the-silence', expect.anything()]]);
  });

  it('ends a stream when the token of its caller does; an empty last id is none', async () => {
    const headers = { ...bearer(tokenOf('tenant-a', { exp: inSeconds(2) })), 'last-event-id': '' };
    const { statusCode, body } = await service.app.inject({ method: 'GET', url: '/api/v1/changes/stream', headers });
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: expect.stringMatching(/^id: /) });
    expect((await service.app.inject({ method: 'GET', url: '/api/v1/changes/stream', headers })).statusCode).toBe(401);
  });

  it("refuses another tenant's cursor and token, and what is no cursor", async () => {
    const { next } = await changes();
    for (const query of [`?after=${String(next)}`, '?after=x', '?after=x.y', '?wait=26', '?limit=501']) {
      const { status, body } = await service.call('GET', `/changes${query}`, undefined, 'tenant-b');
      expect([query, status, body['code']]).toEqual([query, 422, 'VALIDATION_FAILED']);
    }
    for (const path of ['/changes', '/changes/stream']) {
      expect((await service.call('GET', `${path}?token_id=${String(shops[0]?.tokenId)}`, undefined, 'tenant-b')).status).toBe(404);
    }
    expect((await service.call('GET', '/changes/stream?after=x')).status).toBe(422);
  });
});

describe('the stream of changes', () => {
  it('misses and repeats nothing when its client is cut off twenty times while four writers append', async () => {
    const { written, received, breaks } = await changeRounds({ events: 500, breaks: 20 });
    expect([written.length, breaks]).toEqual([500, 20]);
    expect([...received].sort()).toEqual(written);
  });
});
