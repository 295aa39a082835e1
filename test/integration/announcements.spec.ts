import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/database.js';
import { AccountChanges } from '../../src/tokens/account-changes.service.js';
import { inventedEvent, inventedForm } from '../support/invented-orders.js';
import { OrderWorld } from '../support/order-world.js';
import { Service } from '../support/service.js';
import { freshPair, type TokenWorld, tokenWorld } from '../support/token-app.js';

interface Told {
  readonly order_id: string;
  readonly version: number;
  readonly topics: string[];
  readonly changed: string[];
}

const TOLD = 'select order_id, version, topics, changed from event_log.outbox where account_id = $1 order by seq';

describe('what consumers are told of orders', () => {
  let world: OrderWorld;

  beforeAll(async () => {
    world = await OrderWorld.start();
  });

  afterAll(async () => {
    await world.stop();
  });

  const told = (accountId: string) => world.testApp.app.get(Database).query<Told>(TOLD, [accountId]);

  it('is one row for a birth and one for each change, written by the append itself', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o', { status: 'BOUGHT' })], [inventedEvent('1', 'o')]);
    await shop.read([inventedForm('o', { revision: 'b' })], [], '2026-03-01T09:11:00.000Z');
    expect(await told(shop.accountId)).toEqual([
      { order_id: 'o', version: 2, topics: ['order.created'], changed: [] },
      { order_id: 'o', version: 3, topics: ['order.updated', 'order.ready_for_processing'], changed: ['status', 'revision'] },
    ]);
  });

  it('is nothing for a form read again, nor for a journal event alone', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    await shop.read([inventedForm('o')], [], '2026-03-01T10:00:00.000Z');
    await shop.read([], [inventedEvent('2', 'o')]);
    expect((await told(shop.accountId)).map(({ version }) => version)).toEqual([1]);
  });

  it('is nothing for an older form that changes nothing of the order', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o', { updatedAt: '2026-03-01T12:00:00.000Z' })], [], '2026-03-01T12:00:01.000Z');
    await shop.read([inventedForm('o', { updatedAt: '2026-03-01T11:00:00.000Z', status: 'BOUGHT' })], [], '2026-03-01T11:00:01.000Z');
    expect((await told(shop.accountId)).map(({ topics }) => topics)).toEqual([['order.created', 'order.ready_for_processing']]);
  });

  it('is a change of flags, and nothing for the same value again', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    for (const _ of [1, 2]) await shop.call('/o/stock-status', { method: 'PATCH', body: { is_stock_updated: true } });
    await shop.call('/o/invoice-status', { method: 'PATCH', body: { has_invoice_created: true, invoice_id: 'FV 1' } });
    const flags = (await told(shop.accountId)).slice(1);
    expect(flags).toEqual([
      { order_id: 'o', version: 2, topics: ['order.flags_changed'], changed: ['technical_flags.is_stock_updated'] },
      { order_id: 'o', version: 3, topics: ['order.flags_changed'], changed: ['technical_flags.has_invoice_created', 'technical_flags.invoice_id'] },
    ]);
  });
});

describe('what consumers are told of accounts', () => {
  let world: TokenWorld;
  let app: Service;

  beforeAll(async () => {
    world = await tokenWorld();
    app = await Service.start(world);
  });

  afterAll(async () => {
    await app.stop();
    await world.release();
  });

  it('is that a seller has to consent again, and that one came back', async () => {
    const seller = world.sandbox.sellers()[0]?.id ?? '';
    const tokenId = await app.import('shop', seller);
    const { rows: accounts } = await world.owner.query<{ accountId: string }>('select account_id as "accountId" from tokens where id = $1', [tokenId]);
    const change = { accountId: accounts[0]?.accountId ?? '', tokenId, actor: 'test' };
    await app.app.get(AccountChanges).apply({ ...change, to: 'needs_reauth', reason: 'refresh_refused' });
    await app.request('PUT', `/tokens/${tokenId}`, { body: await freshPair(world, seller) });
    const { rows } = await world.owner.query<Told>('select order_id, topics, changed from event_log.outbox order by seq');
    const told = (topic: string) => ({ order_id: '', topics: [topic], changed: ['state'] });
    expect(rows).toEqual([told('account.needs_reauth'), told('account.recovered')]);
  });
});
