import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { Database } from '../../src/platform/database/database.js';
import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { EventReader } from '../../src/platform/event-log/event-reader.js';
import { EventFeed, FEED_START } from '../../src/platform/event-log/feed.js';
import { WriterLeases } from '../../src/platform/event-log/writer-leases.js';
import { commandEvent } from '../support/log-events.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let context: TestingModule;
let log: EventLog;

beforeAll(async () => {
  database = await cloneDatabase();
  context = await startContext(database);
  log = context.get(EventLog);
});

afterAll(async () => {
  await context.close();
  await database.drop();
});

async function attempt(url: string, sql: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
    return 'done';
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    await client.end();
  }
}

const REFUSED_BY_WALL = '23001';
const NO_PRIVILEGE = '42501';

describe('the append-only log', () => {
  beforeAll(async () => {
    await log.commit({ accountId: '1', orderId: 'walled', events: [commandEvent('c:1'), commandEvent('c:2')] });
  });

  it.each([
    ['update', 'update event_log.order_events set actor = $$x$$'],
    ['delete', 'delete from event_log.order_events'],
    ['truncate', 'truncate event_log.order_events'],
    ['update of one partition', 'update event_log.order_events_00000m set actor = $$x$$'],
    ['truncate of one partition', 'truncate event_log.order_events_00000m'],
    ['insert beside the append function', 'insert into event_log.order_events select * from event_log.order_events'],
    ['change of a head', 'update event_log.streams set version = 0'],
    ['destruction of a key', 'delete from vault.order_keys'],
  ])("refuses the service's role the %s", async (_name, sql) => {
    expect(await attempt(database.serviceUrl, sql)).toBe(NO_PRIVILEGE);
  });

  it.each([
    ['update', 'update event_log.order_events set actor = $$x$$'],
    ['update that matches no row', 'update event_log.order_events set actor = $$x$$ where false'],
    ['delete', 'delete from event_log.order_events'],
    ['truncate', 'truncate event_log.order_events'],
    ['truncate of one partition', 'truncate event_log.order_events_00000m'],
    ['update past the triggers', "set session_replication_role = replica; update event_log.order_events set actor = 'x'"],
    [
      'overwrite by conflict',
      "insert into event_log.order_events select * from event_log.order_events on conflict (stream_id, version) do update set actor = 'x'",
    ],
    ['change of a type', 'alter table event_log.order_events alter actor type text using upper(actor)'],
    ['disabling of a trigger', 'alter table event_log.order_events disable trigger refuse_row_change'],
    ['detaching of a partition', 'alter table event_log.order_events detach partition event_log.order_events_00000m'],
    ['drop of a partition', 'drop table event_log.order_events_00000m'],
    ['drop of the schema', 'drop schema event_log cascade'],
    ['rewrite by a rule', 'create rule r as on insert to event_log.order_events do instead nothing'],
  ])('refuses the owner the %s', async (_name, sql) => {
    expect(await attempt(database.ownerUrl, sql)).toBe(REFUSED_BY_WALL);
  });

  it('holds afterwards what was appended, in a whole chain', async () => {
    const events = await context.get(EventReader).stream('1', 'walled');
    expect(events.map((event) => [event.version, event.dedupKey, event.actor])).toEqual([
      [1, 'c:1', 'test'],
      [2, 'c:2', 'test'],
    ]);
    expect(await context.get(ChainVerifier).verify({ accountId: '1' })).toEqual({ verified: true, streams: 1, events: 2, flaws: [] });
  });
});

describe('appending', () => {
  it('changes nothing when the same event comes again', async () => {
    const commit = { accountId: '2', orderId: 'again', events: [commandEvent('c:once')] };
    expect(await log.commit(commit)).toEqual({ version: 1, appended: true });
    expect(await log.commit(commit)).toEqual({ version: 1, appended: false });
    expect(await context.get(EventReader).stream('2', 'again')).toHaveLength(1);
  });

  it('keeps versions gapless and the chain whole under eight writers of the same streams', async () => {
    const writer = async (name: number) => {
      for (let round = 0; round < 6; round += 1) {
        for (const order of ['a', 'b', 'c'])
          await retried(() => log.commit({ accountId: '3', orderId: order, events: [commandEvent(`c:${String(name)}:${String(round)}`)] }));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)));
    const report = await context.get(ChainVerifier).verify({ accountId: '3' });
    expect(report).toEqual({ verified: true, streams: 3, events: 144, flaws: [] });
  });

  it('announces what it appended in the same transaction, with ids, topics and paths only', async () => {
    const announce = { topics: ['order.updated'], changed: ['status'] };
    await log.commit({ accountId: '8', orderId: 'told', events: [commandEvent('c:1', { status: 'SENT' })], announce });
    await log.commit({ accountId: '8', orderId: 'told', events: [commandEvent('c:1', { status: 'SENT' })], announce });
    const told = await context.get(Database).query('select order_id, version, topics, changed from event_log.outbox where account_id = 8');
    expect(told).toEqual([{ order_id: 'told', version: 1, topics: ['order.updated'], changed: ['status'] }]);
  });

  it('rolls the other rows back with the events when the work of the transaction fails', async () => {
    const failing = log.commit({ accountId: '2', orderId: 'rolled-back', events: [commandEvent('c:1')] }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await context.get(EventReader).stream('2', 'rolled-back')).toEqual([]);
  });

  it('refuses a writer whose lease was taken over', async () => {
    const leases = context.get(WriterLeases);
    const first = await leases.claim('4', 'one');
    await attempt(database.ownerUrl, "update event_log.writer_leases set expires_at = now() - interval '1 second' where account_id = 4");
    const second = await leases.claim('4', 'two');
    const append = (generation: string) =>
      context.get(Database).transaction(async (tx) => {
        const heads = await log.load(tx, '4', [{ orderId: 'o', dedupKeys: [] }]);
        return log.append(tx, { accountId: '4', fence: { generation }, heads, appends: [{ orderId: 'o', events: [commandEvent('c:1')] }] });
      });
    await expect(append(first?.generation ?? '')).rejects.toThrow('lost its lease');
    expect(await append(second?.generation ?? '')).toHaveLength(1);
    expect(await leases.renew(first ?? { accountId: '4', holder: 'one', generation: '1' })).toBe(false);
  });

  it('seals personal values: the stored row holds none, the reader gets them back in their place', async () => {
    const form = {
      id: 'o',
      buyer: { login: 'zofia-nowak', email: 'zofia@example.com' },
      status: 'BOUGHT',
      delivery: { address: { street: 'Lipowa 7' }, method: { id: 'm' } },
    };
    await log.commit({ accountId: '5', orderId: 'o', events: [commandEvent('c:1', form)] });
    const [event] = await context.get(EventReader).stream('5', 'o');
    expect(JSON.stringify(event?.payload)).toBe(JSON.stringify(form));
    const [stored] = await context
      .get(Database)
      .query<{ payload: string }>('select payload::text || encode(sealed, $1) as payload from event_log.order_events where account_id = 5', ['escape']);
    expect(stored?.payload).toContain('BOUGHT');
    expect(stored?.payload).not.toMatch(/zofia|Lipowa/);
  });
});

describe('the chain', () => {
  it('names the event of which one byte was changed behind its back, and the stream whose tail was cut off', async () => {
    for (const orderId of ['byte', 'tail', 'whole']) {
      await log.commit({ accountId: '6', orderId, events: [commandEvent('c:1', { n: 1 }), commandEvent('c:2', { n: 2 }), commandEvent('c:3', { n: 3 })] });
    }
    await asSuperuser(`update event_log.order_events set payload = '{"n":9}' where account_id = 6 and order_id = 'byte' and version = 2`);
    await asSuperuser(`delete from event_log.order_events where account_id = 6 and order_id = 'tail' and version = 3`);
    const report = await context.get(ChainVerifier).verify({ accountId: '6' });
    expect(report).toMatchObject({ verified: false, streams: 3 });
    expect(report.flaws).toEqual([
      { orderId: 'byte', version: 2, flaw: 'altered' },
      { orderId: 'tail', version: 3, flaw: 'head_differs' },
    ]);
  });

  async function asSuperuser(sql: string): Promise<void> {
    const off = `begin; set local event_log.maintenance = 'on'; alter table event_log.order_events disable trigger user; alter table event_log.order_events_00000m disable trigger user`;
    expect(await attempt(database.ownerUrl, `${off}; ${sql}; commit`)).toBe('done');
  }
});

describe('the feed', () => {
  it('waits for a writer that is still open instead of passing its events', async () => {
    const feed = context.get(EventFeed);
    const ofAccount = async () => (await feed.read(FEED_START, 10_000)).filter((entry) => entry.accountId === '7').map((entry) => entry.orderId);
    const slow = new pg.Client(database.ownerUrl);
    await slow.connect();
    await slow.query('begin');
    await slow.query('select pg_current_xact_id()');
    await log.commit({ accountId: '7', orderId: 'later', events: [commandEvent('c:1')] });
    expect(await ofAccount()).toEqual([]);
    await slow.query('commit');
    await slow.end();
    expect(await ofAccount()).toEqual(['later']);
  });
});

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error as { retry?: string }).retry !== 'now') throw error;
    }
  }
}
