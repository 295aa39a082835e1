import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { claimRound } from '../support/claim-round.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { Service } from '../support/service.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

/** Ten thousand calls at some five hundred a second. */
const PATIENCE_MS = 120_000;

let world: TokenWorld;
let service: Service;

beforeAll(async () => {
  world = await tokenWorld();
  service = await Service.start(world, { env: { DATABASE_POOL_SIZE: '20' } });
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

it(
  '50 workers that claim the same 200 orders to invoice: exactly one gets each',
  async () => {
    const { tokenId, accountId } = await service.connect();
    const ids = Array.from({ length: 200 }, (_, index) => `order-${String(index)}`);
    const forms = ids.map((id) => formReading(inventedForm(id)));
    await service.app.get(OrderRecorder).record({ accountId, fence: null, actor: 'sync', journal: [], forms });
    const { winners, refusals } = await claimRound(ids, 50, (id) => service.call('POST', `/orders/${id}/claims?token_id=${tokenId}`, { purpose: 'invoice' }));
    expect([...winners.values()].map((numbers) => numbers.length)).toEqual(ids.map(() => 1));
    expect([...refusals]).toEqual(['409 ORDER_CLAIMED']);
    expect(new Set([...winners.values()].flat()).size).toBeGreaterThan(10);
  },
  PATIENCE_MS,
);
