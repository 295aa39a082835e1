import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/database.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { eventually } from '../support/eventually.js';
import type { Json } from '../support/service.js';
import { answering, type Received } from '../support/webhook-receiver.js';
import { typeOf, verified, WebhookWorld } from '../support/webhook-world.js';

let stage: WebhookWorld;

beforeAll(async () => {
  stage = await WebhookWorld.start();
});
afterAll(() => stage.stop());

const arrived = (what: string, received: readonly Received[], count: number) => eventually(what, () => received.length >= count || null);
/** Waits until the fan-out has begun so many looks from now on: the second one begins when all that came of the first is done. */
async function feedLookedAt(times: number): Promise<void> {
  const database = stage.service.app.get(Database);
  const [now] = await database.query<{ since: Date }>('select clock_timestamp() as since');
  const looks = new Set<number>();
  await eventually('the feed was looked at', async () => {
    const rows = await database.query<{ at: Date }>(
      `select query_start as at from pg_stat_activity where datname = current_database() and query_start > $1
         and query like 'select exists%webhook_feed%' and query not like '%pg_stat_activity%'`,
      [now?.since],
    );
    for (const { at } of rows) looks.add(at.getTime());
    return looks.size >= times || null;
  });
}

const messageIds = (received: readonly Received[]) => received.map(({ headers }) => headers['webhook-id']);

describe('a webhook', () => {
  it('is told of an order once for each type it wants, signed, by ids and changed paths', async () => {
    const receiver = await stage.receiver();
    const { id, secret } = await stage.subscribe(receiver.url, { event_types: ['order.created', 'order.cancelled'] });
    await stage.read('thin-1', { status: 'BOUGHT' });
    await stage.read('thin-1', { status: 'CANCELLED', revision: 'r2' });
    await arrived('both events', receiver.received, 2);
    const { accountId, tokenId } = stage.shop;
    const common = { account_id: accountId, token_id: tokenId, order_id: 'thin-1' };
    expect(receiver.received.map((request) => verified(request, secret))).toEqual([
      { type: 'order.created', timestamp: expect.any(String), data: { ...common, version: 1, sequence: 10, changed: [] } },
      { type: 'order.cancelled', timestamp: expect.any(String), data: { ...common, version: 2, sequence: 21, changed: ['status', 'revision'] } },
    ]);
    expect(receiver.received[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': expect.stringMatching(/^msg_[0-9a-f]{32}$/) });
    const settled = await eventually('nothing is owed', async () => [await stage.webhook(id)].find(({ owed }) => owed === 0));
    expect(settled).toMatchObject({ state: 'active', failures: 0, last_success_at: expect.any(String) });
  });

  it('is told of the accounts it names alone, and of nothing another tenant has', async () => {
    const receiver = await stage.receiver();
    const other = await stage.service.connect('other', stage.world.sandbox.sellers()[1]?.id);
    const foreign = await stage.service.connect('theirs', stage.world.sandbox.sellers()[2]?.id, 'tenant-b');
    await stage.subscribe(receiver.url, { event_types: ['order.created'], token_ids: [other.tokenId] });
    await stage.read('mine');
    await stage.read('foreign', {}, foreign.accountId);
    await stage.read('named', {}, other.accountId);
    await arrived('the named account', receiver.received, 1);
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { data: Json }).data['order_id'])).toEqual(['named']);
  });

  it('with a full payload says what each event changed, from what to what, and nothing of what came before or after it', async () => {
    const receiver = await stage.receiver();
    await stage.subscribe(receiver.url, { event_types: ['order.created', 'order.updated', 'order.flags_changed'], payload: 'full' });
    await stage.read('diff-1', { status: 'BOUGHT' });
    await stage.read('diff-1', { status: 'READY_FOR_PROCESSING', revision: 'r2' });
    await stage.service.call('PATCH', `/orders/diff-1/stock-status?token_id=${stage.shop.tokenId}`, { is_stock_updated: true });
    await stage.read('diff-1', { status: 'CANCELLED', revision: 'r3' });
    await arrived('all four', receiver.received, 4);
    const diffs = receiver.received.map(({ body }) => (JSON.parse(body) as { data: { diff: Json[] } }).data.diff);
    expect(diffs).toEqual([
      [],
      [
        { path: 'status', from: 'BOUGHT', to: 'READY_FOR_PROCESSING' },
        { path: 'revision', from: 'a1b2c3d4', to: 'r2' },
      ],
      [{ path: 'technical_flags.is_stock_updated', from: false, to: true }],
      [
        { path: 'status', from: 'READY_FOR_PROCESSING', to: 'CANCELLED' },
        { path: 'revision', from: 'r2', to: 'r3' },
      ],
    ]);
  });

  it('with a full payload carries the order as it is when it is sent, and no row keeps what was sent', async () => {
    const receiver = await stage.receiver(answering(500, {}, 'no'));
    const { id } = await stage.subscribe(receiver.url, { event_types: ['order.created'], payload: 'full' });
    await stage.read('full-1');
    await arrived('the first attempt', receiver.received, 1);
    const order = (request: Received | undefined) => (JSON.parse(request?.body ?? '{}') as { data: { order: Json } }).data.order;
    const shown = (await stage.service.call('GET', `/orders/full-1?token_id=${stage.shop.tokenId}`)).body['order'];
    expect(order(receiver.received[0])).toEqual(shown);
    await stage.world.owner.query(`update order_documents set document = '{"id":"full-1","buyer":{"erased":true}}' where stream_id =
      (select stream_id from orders where order_id = 'full-1')`);
    receiver.answer = answering(204);
    await eventually('it was sent again', async () => {
      await stage.hurry();
      return receiver.received.some(({ status }) => status === 204) || null;
    });
    expect(order(receiver.received.at(-1))).toMatchObject({ id: 'full-1', buyer: { erased: true } });
    const { rows } = await stage.world.owner.query<{ row: string }>(
      `select d::text || coalesce(string_agg(a::text, ''), '') as row from webhook_deliveries d left join webhook_attempts a on a.delivery_id = d.id
       where d.webhook_id = $1 group by d.*`,
      [id],
    );
    expect(rows.map(({ row }) => row).join()).not.toMatch(/Zmy|example\.com|Halina/);
  });

  it('is sent the events of one order in their order: a failed one holds the later ones of its order and no other', async () => {
    let isDown = true;
    const receiver = await stage.receiver(({ body }, response) => answering(isDown && body.includes('held-1') ? 503 : 204)({ body, headers: {} }, response));
    await stage.subscribe(receiver.url, { event_types: ['order.created', 'order.updated'] });
    await stage.read('held-1', { status: 'BOUGHT' });
    await arrived('the first failed', receiver.received, 1);
    await stage.read('held-1', { revision: 'r2' });
    await stage.read('free-1', { status: 'BOUGHT' });
    await stage.read('free-1', { revision: 'r2' });
    await eventually('the other order went on', () => receiver.received.filter(({ body }) => body.includes('free-1')).length === 2 || null);
    expect(receiver.received.filter(({ body }) => body.includes('held-1')).map(typeOf)).not.toContain('order.updated');
    isDown = false;
    await eventually('the held order went on', async () => {
      await stage.hurry();
      return receiver.received.filter(({ status, body }) => status === 204 && body.includes('held-1')).length === 2 || null;
    });
    const held = receiver.received.filter(({ status, body }) => status === 204 && body.includes('held-1'));
    expect(held.map(typeOf)).toEqual(['order.created', 'order.updated']);
  });

  it('hears of one event under one id however often it is tried, and the log says how each attempt went', async () => {
    let tries = 0;
    const receiver = await stage.receiver((request, response) => answering((tries += 1) < 3 ? 500 : 200, {}, '<b>\u0000not\nnow</b>')(request, response));
    const { id, secret } = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    await stage.read('tried-1');
    await eventually('the third attempt', async () => {
      await stage.hurry();
      return tries >= 3 || null;
    });
    const delivery = await stage.ended(id);
    expect(new Set(messageIds(receiver.received))).toEqual(new Set([delivery['message_id']]));
    for (const request of receiver.received) verified(request, secret);
    const { body } = await stage.service.call('GET', `/webhooks/${id}/deliveries/${String(delivery['message_id'])}`);
    expect(body).toMatchObject({ state: 'delivered', attempts: 3, last_status: 200 });
    const failed = { outcome: 'refused', status: 500, answer: '<b> not now</b>' };
    expect(body['attempts_log']).toMatchObject([
      { attempt: 3, outcome: 'delivered', status: 200, answer: null },
      { attempt: 2, ...failed },
      { attempt: 1, ...failed },
    ]);
  });

  it('is told of an event whose transaction committed after later ones', async () => {
    const receiver = await stage.receiver();
    await stage.subscribe(receiver.url, { event_types: ['order.updated'] });
    const announce = `insert into event_log.outbox (epoch, account_id, stream_id, order_id, version, topics, changed, announced_at)
      values ((select max(epoch) from event_log.epochs), $1, 1, $2, 1, '{order.updated}', '{}', now())`;
    const { owner } = stage.world;
    await owner.query('begin');
    await owner.query(announce, [stage.shop.accountId, 'late']);
    await stage.service.app.get(EventLog).commit({
      accountId: stage.shop.accountId,
      orderId: 'early',
      events: [{ type: 'test.written', source: 'service', dedupKey: 't', occurredAt: new Date(), observedAt: new Date(), payload: {}, actor: 'test' }],
      announce: { topics: ['order.updated'], changed: [] },
    });
    await feedLookedAt(2);
    await owner.query('commit');
    await arrived('both', receiver.received, 2);
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { data: Json }).data['order_id']).sort()).toEqual(['early', 'late']);
  });
});

describe('a receiver', () => {
  it('that answers 410 has its webhook switched off at once, and the other webhooks of the tenant are told', async () => {
    const [gone, other] = [await stage.receiver(answering(410)), await stage.receiver()];
    const { id } = await stage.subscribe(gone.url, { event_types: ['order.created'] });
    const witness = await stage.subscribe(other.url, { event_types: ['webhook.disabled'] });
    await stage.read('gone-1');
    await arrived('the notice', other.received, 1);
    expect(verified(other.received[0]!, witness.secret)).toMatchObject({ type: 'webhook.disabled', data: { webhook_id: id } });
    expect(await stage.webhook(id)).toMatchObject({ state: 'disabled', disabled_reason: 'gone', owed: 0 });
    await stage.read('gone-2');
    await arrived('no second request', gone.received, 1);
    expect((await stage.service.call('POST', `/webhooks/${id}/ping`)).body['code']).toBe('WEBHOOK_DISABLED');
  });

  it('that fails for five days has its webhook switched off', async () => {
    const receiver = await stage.receiver(answering(500));
    const { id } = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    await stage.read('five-days');
    await arrived('the first attempt', receiver.received, 1);
    await stage.world.owner.query(`update webhooks set failing_since = now() - interval '5 days' where id = $1`, [id]);
    await eventually('it was switched off', async () => {
      await stage.hurry();
      return (await stage.webhook(id))['state'] === 'disabled' || null;
    });
    expect(await stage.webhook(id)).toMatchObject({ disabled_reason: 'failing' });
  });

  it('is not asked again before the time of its Retry-After, and a delivery ends three days after it was owed', async () => {
    const receiver = await stage.receiver(answering(429, { 'retry-after': '7200' }));
    const { id } = await stage.subscribe(receiver.url, { event_types: ['order.created'] });
    await stage.read('patient');
    const delivery = await eventually('the first attempt', async () => (await stage.deliveries(id)).find(({ attempts }) => attempts === 1));
    expect(Date.parse(String(delivery['next_attempt_at'])) - Date.now()).toBeGreaterThan(7_000_000);
    await stage.world.owner.query(`update webhook_deliveries set give_up_at = now() where webhook_id = $1`, [id]);
    await stage.hurry();
    expect(await stage.ended(id)).toMatchObject({ state: 'failed', attempts: 2, last_status: 429 });
  });
});
