import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { archiveLines } from '../../src/data-protection/archive-export.client.js';
import { OrderKeys } from '../../src/platform/vault/order-keys.js';
import { ArchiveWorld } from '../support/archive-world.js';
import { ArchivedShop } from '../support/archived-shop.js';

/** Twenty thousand events, beside those of one order with a buyer. */
const STREAMS = 1_000;
const EVENTS_EACH = 20;
/** Rows of a page of 300 streams, with room for the account's own. */
const MOST_ROWS_AT_ONCE = 300 * EVENTS_EACH + 10;
const MOST_STREAMS_AT_ONCE = 200;

let world: ArchiveWorld;
let shop: ArchivedShop;
let path: string;

const counted = async (): Promise<unknown> => {
  const { rows } = await world.there.owner.query(
    `select (select count(*)::int from event_log.streams) as streams, (select count(*)::int from event_log.order_events) as events,
       (select count(*)::int from orders) as orders, (select count(*)::int from event_log.outbox) as announced,
       (select count(*)::int from accounts where tenant_id = 'tenant-b') as accounts`,
  );
  return rows[0];
};

/** The lines of an archive without keys, and how many rows were in memory at once. */
async function read(of: ArchivedShop, onLine: (lines: number) => Promise<void> = () => Promise.resolve()): Promise<{ lines: string[]; mostRows: number }> {
  const client = new pg.Client({ connectionString: world.here.database.serviceUrl });
  await client.connect();
  let mostRows = 0;
  const query = async (sql: string, params?: unknown[]) => {
    const result = await client.query(sql, params);
    mostRows = Math.max(mostRows, result.rows.length);
    return result;
  };
  const lines: string[] = [];
  const tools = { keys: of.context.get(OrderKeys), secret: null, signingKey: null };
  for await (const line of archiveLines({ query } as never, of.accountId, tools)) await onLine(lines.push(line));
  await client.end();
  return { lines, mostRows };
}

beforeAll(async () => {
  world = await ArchiveWorld.open();
  shop = await ArchivedShop.open(world);
  await shop.sell(['o1']);
  await shop.fill(STREAMS, EVENTS_EACH);
  await shop.seal();
  ({ path } = await world.archive(shop.accountId, 'whole.ndjson'));
}, 60_000);

afterAll(async () => {
  await shop.context.close();
  await world.close();
});

describe('an archive of twenty thousand events', () => {
  it('is read in pages, however long the log is', async () => {
    const { lines, mostRows } = await read(shop);
    expect(lines.length).toBeGreaterThan(STREAMS * (EVENTS_EACH + 1));
    expect([mostRows > 300, mostRows <= MOST_ROWS_AT_ONCE]).toEqual([true, true]);
  }, 60_000);

  it('is one instant of the log, however much is written meanwhile', async () => {
    const small = await shop.neighbour();
    await small.sell(['n1', 'n2']);
    const { lines } = await read(small, async (line) => (line === 1 ? small.sell(['later']) : undefined));
    expect(lines.some((line) => line.includes('"later"'))).toBe(false);
    expect(JSON.parse(lines.at(-2) ?? '{}')).toMatchObject({ counts: { streams: 3 } });
  });

  it('leaves nothing behind wherever the import is broken off, and arrives whole at the next attempt', async () => {
    const before = await counted();
    for (const stepsDone of [0, 3]) {
      let step = 0;
      const broken = world.import(path, {}, () => {
        step += 1;
        if (step > stepsDone) throw new Error('the power is gone');
      });
      await expect(broken).rejects.toThrow('the power is gone');
      expect(await counted()).toEqual(before);
    }
    const steps: number[] = [];
    const report = await world.import(path, {}, ({ streams }) => void steps.push(streams));
    expect(report).toMatchObject({ streams: STREAMS + 2, erasures: 0 });
    expect(Math.max(...steps.map((streams, index) => streams - (steps[index - 1] ?? 0)))).toBeLessThanOrEqual(MOST_STREAMS_AT_ONCE);
    // Nobody is told of twenty thousand events of the past.
    expect(await counted()).toEqual({ streams: report.streams, events: report.events, orders: 1, announced: 0, accounts: 1 });
  }, 60_000);

  it('is refused by an account that has events, also its own', async () => {
    const before = await counted();
    await expect(world.import(path)).rejects.toThrow('has events already');
    expect(await counted()).toEqual(before);
  }, 60_000);
});
