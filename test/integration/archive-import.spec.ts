import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ImportedLogs } from '../../src/data-protection/imported-logs.read-model.js';
import { LogVerification } from '../../src/data-protection/log-verification.service.js';
import { SealsReadModel } from '../../src/data-protection/seals.read-model.js';
import { OrdersModule } from '../../src/orders/orders.module.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { EventReader } from '../../src/platform/event-log/event-reader.js';
import { ArchiveWorld, settings } from '../support/archive-world.js';
import { ArchivedShop } from '../support/archived-shop.js';
import { commandEvent } from '../support/log-events.js';
import { startContext } from '../support/service-context.js';
import type { TokenWorld } from '../support/token-app.js';

const IDS = ['o1', 'o2', 'o3'];
/** Streams and events beside those of orders with buyers. */
const [STREAMS, EVENTS_EACH] = [10, 4];

let world: ArchiveWorld;
let shop: ArchivedShop;
let small: ArchivedShop;
let path: string;
/** Its number there. */
let imported: string;

/** What the service that the account arrived at makes of it. */
async function inContext<T>(of: TokenWorld, work: (get: <P>(type: abstract new (...args: never[]) => P) => P) => Promise<T>): Promise<T> {
  const context = await startContext(of.database, { imports: [OrdersModule], providers: [SealsReadModel, ImportedLogs, LogVerification] }, settings(of));
  try {
    return await work((type) => context.get(type));
  } finally {
    await context.close();
  }
}

beforeAll(async () => {
  world = await ArchiveWorld.open();
  shop = await ArchivedShop.open(world);
  small = await shop.neighbour();
  await small.sell(['n1', 'n2']);
  await shop.sell(IDS);
  await shop.fill(STREAMS, EVENTS_EACH);
  await shop.erase('o1');
  await shop.seal();
  ({ path } = await world.archive(shop.accountId, 'whole.ndjson'));
  ({ accountId: imported } = await world.import(path));
}, 60_000);

afterAll(async () => {
  await shop.context.close();
  await world.close();
});

describe('an account that was imported', () => {
  it('is proved by the chain and by the seals of where it comes from, and a change of either is named', async () => {
    const accountId = imported;
    const verify = () => inContext(world.there, (get) => get(LogVerification).verify({ accountId }));
    const { rows } = await world.here.owner.query<{ seals: number }>('select count(*)::int as seals from event_log.seals');
    expect(await verify()).toMatchObject({ verified: true, events: STREAMS * EVENTS_EACH + 3 * IDS.length, importedSeals: rows[0]?.seals, flaws: [] });
    const { owner } = world.there;
    const tamper = async (...statements: string[]) => {
      const tables = ['order_events', 'order_events_00000m', 'stream_origins', 'imported_seals'];
      const off = tables.map((table) => `alter table event_log.${table} disable trigger user`);
      await owner.query(['begin', "set local event_log.maintenance = 'on'", ...off, ...statements, 'commit'].join(';'));
    };
    await tamper(`update event_log.stream_origins set places = set_byte(places, 19, get_byte(places, 19) # 1) where stream_id = (select stream_id
      from event_log.streams where order_id = 'o2')`);
    expect((await verify()).flaws).toEqual([expect.objectContaining({ seal: expect.stringMatching(/^origin:/) })]);
    await tamper(`update event_log.stream_origins set places = set_byte(places, 19, get_byte(places, 19) # 1) where stream_id = (select stream_id
      from event_log.streams where order_id = 'o2')`);
    await tamper(`delete from event_log.imported_seals where number = 1`);
    expect((await verify()).flaws).toContainEqual(expect.objectContaining({ flaw: 'seal_missing', seal: 'origin:1' }));
    await tamper(`update event_log.order_events set account_id = ${shop.accountId} where order_id = 'o-7' and version = 3`);
    expect((await verify()).flaws).toContainEqual(expect.objectContaining({ orderId: 'o-7', version: 3, flaw: 'foreign_stream' }));
    await tamper(`update event_log.order_events set account_id = ${accountId} where order_id = 'o-7' and version = 3`);
  }, 60_000);

  it('shows every buyer but the erased one, in orders and in what the journal told without an order', async () => {
    const accountId = imported;
    const read = await inContext(world.there, async (get) => {
      const streams = await get(EventReader).streams(accountId, ['', ...IDS]);
      return Object.fromEntries([...streams].map(([orderId, events]) => [orderId, JSON.stringify(events)]));
    });
    expect([read['o1'], read['o2'], read['o3']].map((text) => text?.includes('buyer.of.'))).toEqual([false, true, true]);
    expect(['o1', 'o2', 'o3'].map((id) => read['']?.includes(`buyer.of.${id}@`))).toEqual([false, true, true]);
    const { rows } = await world.there.owner.query(
      `select o.order_ids, o.origin, p.completed_at is not null as completed, (select count(*)::int from vault.order_keys k where k.erasure_id = o.id) as orders
       from vault.erasures o join erasure_progress p on p.erasure_id = o.id`,
    );
    expect(rows).toEqual([{ order_ids: ['o1'], origin: 'list', completed: true, orders: 1 }]);
  });

  it('goes on under the chain it came with, and moves on to a third place', async () => {
    const accountId = imported;
    await inContext(world.there, async (get) => {
      for (const orderId of ['o2', 'new']) await get(EventLog).commit({ accountId, orderId, events: [commandEvent('c:there', { note: { name: 'Ala' } })] });
      expect(await get(ChainVerifier).verify({ accountId })).toMatchObject({ verified: true });
    });
    const onwards = await world.archive(accountId, 'onwards.ndjson', undefined, world.there);
    expect(onwards.report).toMatchObject({ verified: true, streams: STREAMS + IDS.length + 2 });
    const { accountId: third } = await world.import(onwards.path, { tenantId: 'tenant-c' }, undefined, world.here);
    const text = await inContext(world.here, async (get) => {
      expect(await get(ChainVerifier).verify({ accountId: third })).toMatchObject({ verified: true });
      return JSON.stringify([...(await get(EventReader).streams(third, ['o1', 'o2', 'new']))]);
    });
    expect([text.includes('buyer.of.o1'), text.includes('buyer.of.o2'), text.includes('Ala')]).toEqual([false, true, true]);
  }, 60_000);
});

describe('the way into an empty account', () => {
  const asService = async (sql: string, params: unknown[] = []): Promise<string> => {
    const client = new pg.Client({ connectionString: world.there.database.serviceUrl });
    await client.connect();
    const answer = await client.query(sql, params).then(
      () => 'done',
      (error: unknown) => (error as Error).message,
    );
    await client.end();
    return answer;
  };
  const facts = { archive_id: '00000000-0000-4000-8000-000000000000', digest: '\\x00', source: {}, imported_by: 'x', low_sequence: 1, high_sequence: 9 };
  const begin = (accountId: string) => `select event_log.begin_import(${accountId}, '${JSON.stringify(facts)}')`;

  it('is the only one: the service inserts and changes nothing by itself', async () => {
    const accountId = imported;
    const tables = ['streams', 'order_events', 'imports', 'stream_origins', 'imported_seals'];
    const answers = await Promise.all([
      ...tables.map((table) => asService(`insert into event_log.${table} select * from event_log.${table} limit 1`)),
      ...tables.map((table) => asService(`delete from event_log.${table}`)),
      asService(`insert into vault.erasures select * from vault.erasures`),
    ]);
    for (const answer of answers) expect(answer).toContain('permission denied');
    expect(await asService(begin(accountId))).toContain('not there or not empty');
    expect(await asService(begin('999999'))).toContain('not there or not empty');
    expect(await asService(`select event_log.import_streams(${accountId}, '[]', '[]', '[]')`)).toContain('only by the transaction that found it empty');
    expect(await asService(`select event_log.import_seals(${accountId}, '[]')`)).toContain('only by the transaction that found it empty');
    expect(await asService(`select vault.import_erasures(${accountId}, '[]')`)).toContain('only by the transaction that found it empty');
  });

  it('takes whole streams only: the database computes every hash again', async () => {
    const texts = (await readFile(path, 'utf8')).split('\n');
    const line = (of: (row: Record<string, unknown>) => boolean) =>
      JSON.parse(texts.find((text) => text !== '' && of(JSON.parse(text) as Record<string, unknown>)) ?? '') as Record<string, unknown>;
    const event = line(({ kind, orderId, version }) => kind === 'event' && orderId === 'o-3' && version === 1);
    const row = {
      order_id: 'o-3', version: 1, type: event['type'], source: event['source'], schema_version: event['schemaVersion'], dedup_key: event['dedupKey'],
      occurred_at: event['occurredAt'], observed_at: event['observedAt'], recorded_at: event['recordedAt'], payload: event['payload'], actor: event['actor'],
      prev_hash: `\\x${String(event['prevHash'])}`, hash: `\\x${String(event['hash'])}`, seq: 1,
    }; // prettier-ignore
    const head = {
      order_id: 'o-3',
      place: 0,
      version: 1,
      tip: row.hash,
      recorded_at: row.recorded_at,
      chain_account_id: shop.accountId,
      origin_stream_id: 1,
      places: '\\x00',
    };
    const attempt = (heads: object, events: object[]) =>
      asService(`begin; ${begin('1')}; select event_log.import_streams(1, '[${JSON.stringify(heads)}]', '${JSON.stringify(events)}', '[]'); rollback`);
    expect(await attempt(head, [row])).toBe('done');
    const refused: [object, object[]][] = [
      [head, []],
      [head, [{ ...row, payload: '{}' }]],
      [head, [{ ...row, actor: 'another' }]],
      [head, [{ ...row, seq: 10 }]],
      [{ ...head, chain_account_id: 77 }, [row]],
      [{ ...head, version: 2 }, [row]],
      [{ ...head, tip: '\\x00' }, [row]],
      [head, [{ ...row, version: 2 }]],
    ];
    for (const [heads, events] of refused) expect(await attempt(heads, events)).toContain('is not whole');
  });

  it('computes hashes as the service does, whatever the texts are', async () => {
    const odd = ['"\\\b\f\n\r\t\u0001\u001f\u007f', 'ł ó 𝄞 😀', '\u2028\u2029\ufeff', `'; drop table`, '\u00a0 /'];
    const { accountId } = small;
    const events = odd.map((text, index) => commandEvent(`c:${text}`, { text, [text]: index }, { actor: text, type: text, causationId: text, traceId: text }));
    await shop.context.get(EventLog).commit({ accountId, orderId: `odd ${odd.join('')}`, events });
    const { rows } = await world.here.owner.query<{ same: boolean }>(
      'select event_log.chain_hash(account_id, e) = hash as same from event_log.order_events e where account_id = $1',
      [accountId],
    );
    expect(rows.map(({ same }) => same)).toEqual(rows.map(() => true));
    expect(rows.length).toBeGreaterThan(odd.length);
  });

  it('looks names up nowhere but where it was told to, like every function that runs as its owner', async () => {
    const { rows } = await world.there.owner.query(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
         and not exists (select from unnest(p.proconfig) c where c like 'search_path=%')`,
    );
    expect(rows).toEqual([]);
  });
});
