import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { AllegroOrdersClient } from '../../src/allegro/allegro-orders.client.js';
import type { JsonObject } from '../../src/core/json.js';
import { runSync } from '../support/run-sync.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** Allegro's largest page: one that is not full would end the journal. */
const FULL_PAGE = 1_000;

let world: TokenWorld;
let service: Service;

beforeAll(async () => {
  world = await tokenWorld({ orders: 2, seed: 61 });
  service = await Service.start(world);
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

it('a journal that answers the same full page for ever fails the run, which gives the account back', async () => {
  const account = await service.connect();
  const sync = () => runSync(service, { ...account, signal: AbortSignal.timeout(30_000) });
  await sync();
  const page = Array.from({ length: FULL_PAGE }, (_, index): JsonObject => ({
    id: `9${String(index).padStart(17, '0')}`,
    type: 'BOUGHT',
    occurredAt: '2026-01-01T00:00:00Z',
    order: {},
  }));
  const events = jest.spyOn(service.app.get(AllegroOrdersClient), 'events').mockResolvedValue({ value: page, traceId: 'again', observedAt: new Date() });
  expect(await sync()).toMatchObject({ kind: 'ended', end: { status: 'FAILED', cause: { code: 'ALLEGRO_FILTER_IGNORED' } } });
  expect(events).toHaveBeenCalledTimes(2);
  const { rows } = await world.owner.query('select holder from event_log.writer_leases where holder is not null');
  expect(rows).toEqual([]);
});
