import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { completeSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let monitor: Service;
let account: { tokenId: string; accountId: string };
let seller: string;

beforeAll(async () => {
  world = await tokenWorld({ orders: 3, seed: 71, sessionsPerSeller: 100 });
  service = await Service.start(world);
  const env = { MONITOR_INTERVAL_SECONDS: '1', ALERT_AFTER_LOOKS: '1', CLEAR_AFTER_LOOKS: '1' };
  monitor = await Service.start(world, { role: 'scheduler', env });
  seller = world.sandbox.sellers()[0]?.id ?? '';
  account = await service.connect('shop', seller);
  await sync();
});
afterAll(async () => {
  await monitor.stop();
  await service.stop();
  await world.release();
});

async function sync(): Promise<void> {
  world.sandbox.advanceClock(60_000);
  await completeSync(service, account);
}

async function cursor(): Promise<string> {
  const { rows } = await world.owner.query<{ id: string }>('select last_event_id as id from sync_cursors where account_id = $1', [account.accountId]);
  return rows[0]?.id ?? '';
}

const request = (method: 'GET' | 'POST', path: string) => service.request(method, path, { roles: ['seller', 'operator'] });
const at = (path: string, more = '') => `${path}?token_id=${account.tokenId}${more}`;
const held = async () => (await request('GET', at('/quarantine', '&status=held'))).body['items'] as Json[];
const status = async (orderId: string) => (await request('GET', at(`/orders/${orderId}`))).status;
const alerts = async () => ((await service.call('GET', '/alerts?state=open')).body['alerts'] as Json[]).filter(({ kind }) => kind === 'journal_damaged');

it('entries that are no events or have no id are kept, the others of the page land, and the cursor passes only what was kept', async () => {
  const before = await cursor();
  const orders = world.sandbox.createOrders({ seller, count: 3, status: 'READY_FOR_PROCESSING' });
  world.sandbox.corrupt({ kind: 'journal', seller });
  await sync();
  world.sandbox.corrupt({ kind: null, seller });
  expect(BigInt(await cursor())).toBeGreaterThan(BigInt(before));
  expect((await held()).map(({ kind, reasons }) => [kind, (reasons as Json[]).map(({ code }) => code)]).sort()).toEqual([
    ['event', ['no_usable_id']],
    ['event', ['not_an_object']],
  ]);
  // The order whose event had no id was read all the same: the event names it.
  expect(await Promise.all(orders.map(status))).toEqual([200, 200, 200]);

  const alert = await eventually('the seller is alerted', async () => (await alerts())[0]);
  expect(alert).toMatchObject({ token_id: account.tokenId, figures: { entries: 2 } });
  for (const item of await held()) await request('POST', at(`/quarantine/${String(item['id'])}/reject`));
  await eventually('the alert is over', async () => (await alerts()).length === 0);
});

it('a page without any id leaves the cursor where it is, and is read again when Allegro has healed', async () => {
  const before = await cursor();
  const [orderId = ''] = world.sandbox.createOrders({ seller, status: 'BOUGHT' });
  world.sandbox.corrupt({ kind: 'journal', seller });
  await sync();
  await sync();
  world.sandbox.corrupt({ kind: null, seller });
  expect(await cursor()).toBe(before);
  expect(await status(orderId)).toBe(200);
  // What was rejected stays so; the nameless event is one item, however often it was seen.
  expect(await held()).toMatchObject([{ kind: 'event', order_id: orderId, times_seen: 2 }]);
  await sync();
  expect(BigInt(await cursor())).toBeGreaterThan(BigInt(before));
  const { rows } = await world.owner.query(`select type from event_log.order_events where order_id = $1 and type = 'journal.received'`, [orderId]);
  expect(rows).toHaveLength(1);
});
