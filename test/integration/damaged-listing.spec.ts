import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DamageTroubles } from '../../src/data-protection/damage-troubles.service.js';
import { shareOfCorrupted } from '../support/corrupted-share.js';
import { completeSync, runSync } from '../support/run-sync.js';
import { type Json, Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

const ORDERS = 12;
const DAMAGED = 3;

let world: TokenWorld;
let service: Service;
let account: { tokenId: string; accountId: string };
let seller: string;

beforeAll(async () => {
  world = await tokenWorld({ orders: ORDERS, seed: 72, sessionsPerSeller: 100 });
  service = await Service.start(world);
  seller = world.sandbox.sellers()[0]?.id ?? '';
  account = await service.connect('shop', seller);
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

const sync = () => completeSync(service, { ...account, syncType: 'full' });

const held = async () => {
  const { body } = await service.request('GET', `/quarantine?token_id=${account.tokenId}&status=held`, { roles: ['seller', 'operator'] });
  return (body['items'] as Json[]).map(({ kind, reasons }) => [kind, (reasons as Json[]).map(({ code }) => code)]);
};
const orders = async () => ((await service.call('GET', `/orders?token_id=${account.tokenId}`)).body['pagination'] as Json)['total'];

const sweepIsDue = async () => {
  const sql = 'select next_weekly_at <= now() as due from sweep_schedules where account_id = $1';
  return (await world.owner.query<{ due: boolean }>(sql, [account.accountId])).rows[0]?.due;
};

it('entries of a list of forms that are no forms are kept, the others land, and the missing ones come when Allegro has healed', async () => {
  world.sandbox.corrupt({ kind: 'nothing', seller, share: shareOfCorrupted(world.sandbox.orderIds(seller), DAMAGED) });
  await sync();
  expect(await orders()).toBe(ORDERS - DAMAGED);
  expect(await held()).toEqual([['form', ['not_an_object']]]);
  expect(await service.app.get(DamageTroubles, { strict: false }).troubles()).toMatchObject([{ kind: 'listing_damaged', accountId: account.accountId }]);
  expect(await sweepIsDue()).toBe(true);
  world.sandbox.corrupt({ kind: null, seller });
  await sync();
  expect(await orders()).toBe(ORDERS);
});

it('what was rejected without an id is held again when it comes again: it is another order each time', async () => {
  const { body } = await service.request('GET', `/quarantine?token_id=${account.tokenId}&status=held`, { roles: ['seller', 'operator'] });
  const [item] = body['items'] as Json[];
  await service.request('POST', `/quarantine/${String(item?.['id'])}/reject?token_id=${account.tokenId}`, { roles: ['seller', 'operator'] });
  expect(await held()).toEqual([]);
  world.sandbox.corrupt({ kind: 'nothing', seller, share: shareOfCorrupted(world.sandbox.orderIds(seller), DAMAGED) });
  await sync();
  expect(await held()).toEqual([['form', ['not_an_object']]]);
});

it('a list that holds no form at all is no answer: nothing of it counts as read', async () => {
  world.sandbox.corrupt({ kind: 'nothing', seller });
  expect((await runSync(service, { ...account, syncType: 'full' })).end).toMatchObject({ status: 'FAILED' });
  expect(await orders()).toBe(ORDERS);
});
