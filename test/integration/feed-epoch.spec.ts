import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { EventFeed, FEED_START } from '../../src/platform/event-log/feed.js';
import { eventually } from '../support/eventually.js';
import { commandEvent } from '../support/log-events.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let owner: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

describe('the start of the service', () => {
  it('opens a new epoch of the feed on a dump restored into another cluster, once for all processes', async () => {
    await owner.query(`update event_log.epochs set system_identifier = 'the cluster of the dump'`);
    const services = await Promise.all([startContext(database), startContext(database), startContext(database)]);
    const [service] = services;
    await service?.get(EventLog).commit({ accountId: '1', orderId: 'o', events: [commandEvent('c:1')] });
    const feed = service?.get(EventFeed);
    let epochs: number[] = [];
    await eventually('the event is in the feed', async () => {
      epochs = ((await feed?.read(FEED_START, 10)) ?? []).map(({ epoch }) => epoch);
      return epochs.length > 0;
    });
    expect(epochs).toEqual([2]);
    expect((await owner.query('select epoch from event_log.epochs order by epoch')).rows).toEqual([{ epoch: 1 }, { epoch: 2 }]);
    await Promise.all(services.map((one) => one.close()));
  });

  it('keeps the epoch where the cluster is the same', async () => {
    const before = (await owner.query('select * from event_log.epochs')).rows;
    await (await startContext(database)).close();
    expect((await owner.query('select * from event_log.epochs')).rows).toEqual(before);
  });
});
