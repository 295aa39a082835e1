import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPublished } from '../../src/data-protection/published-head.js';
import { isSignatureOf } from '../../src/data-protection/seal-signature.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { commandEvent } from '../support/log-events.js';
import { type Json, Service } from '../support/service.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let folder: string;
let file: string;
const keys = generateKeyPairSync('ed25519');

beforeAll(async () => {
  world = await tokenWorld();
  folder = await mkdtemp(join(tmpdir(), 'seals-'));
  file = join(folder, 'seals.ndjson');
  const key = keys.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  service = await Service.start(world, { role: 'all', env: { SEAL_INTERVAL_SECONDS: '1', SEAL_BATCH_EVENTS: '10', SEAL_FILE: file, SEAL_SIGNING_KEY: key } });
}, 60_000);

afterAll(async () => {
  await service.stop();
  await world.release();
  await rm(folder, { recursive: true });
});

async function head(): Promise<Json> {
  const answer = await service.app.inject({ method: 'GET', url: '/api/v1/integrity/head', headers: bearer(tokenOf('staff', { roles: ['operator'] })) });
  expect(answer.statusCode).toBe(200);
  return answer.json<Json>();
}

const sealed = () =>
  eventually('everything is sealed', async () => {
    const now = await head();
    return now['unsealed_events'] === 0 && now['seal'] !== null ? now : null;
  });

async function verify(tokenId: string): Promise<Json> {
  const started = await service.call('POST', `/integrity/verifications?token_id=${tokenId}`);
  expect(started.status).toBe(202);
  return eventually('the verification ends', async () => {
    const { body } = await service.call('GET', `/sync/tasks/${String(started.body['task_id'])}/result`);
    return body['status'] === 'SUCCESS' ? (body['result'] as Json) : null;
  });
}

/** As whoever owns the server can: the walls switched off first. */
async function asSuperuser(...statements: string[]): Promise<void> {
  const tables = ['order_events', 'order_events_00000m'];
  const off = tables.map((table) => `alter table event_log.${table} disable trigger user`);
  await world.owner.query(['begin', "set local event_log.maintenance = 'on'", ...off, ...statements, 'commit'].join(';'));
}

describe('seals over the log', () => {
  let tokenId: string;
  let accountId: string;

  beforeAll(async () => {
    ({ tokenId, accountId } = await service.connect());
    const log = service.app.get(EventLog);
    for (let order = 0; order < 12; order += 1) {
      await log.commit({ accountId, orderId: `o-${String(order)}`, events: [commandEvent('c:1'), commandEvent('c:2'), commandEvent('c:3')] });
    }
    await sealed();
  }, 30_000);

  it('cover every event in batches, each root made of the one before, signed and published', async () => {
    const now = await head();
    const published = readPublished(
      await eventually('the file has the last seal', async () => {
        const text = await readFile(file, 'utf8').catch(() => '');
        return text.includes(String(now['root'])) ? text : null;
      }),
    );
    expect(Number(now['seal'])).toBeGreaterThan(3);
    expect(published.map(({ number }) => number)).toEqual(published.map((_, index) => String(index + 1)));
    expect(published.every(({ root, signature }) => signature !== null && isSignatureOf(keys.publicKey, root, signature))).toBe(true);
    expect(await verify(tokenId)).toMatchObject({ verified: true, seals: published.length, flaws: [] });
    const metrics = await service.app.inject({ method: 'GET', url: '/metrics' });
    expect(metrics.body).toContain(`log_seal_number ${String(now['seal'])}`);
  }, 30_000);

  it('refuse the service and the owner every change', async () => {
    await expect(world.owner.query('delete from event_log.seals')).rejects.toMatchObject({ code: '23001' });
    await expect(world.owner.query('truncate event_log.seal_parts')).rejects.toMatchObject({ code: '23001' });
    await expect(world.owner.query(`update event_log.seals set root = '\\x00'`)).rejects.toMatchObject({ code: '23001' });
  });

  it('go on behind the last one when the database was restored into another cluster', async () => {
    await world.owner.query(`insert into event_log.epochs (epoch, system_identifier) select max(epoch) + 1, 'restored elsewhere' from event_log.epochs`);
    await service.app.get(EventLog).commit({ accountId, orderId: 'after-restore', events: [commandEvent('c:1')] });
    const now = await eventually('the new epoch is sealed', async () => {
      const { position, ...rest } = await head();
      return (position as Json)['epoch'] === 2 ? { position, ...rest } : null;
    });
    expect(now).toMatchObject({ unsealed_events: 0 });
    expect(await verify(tokenId)).toMatchObject({ verified: true, flaws: [] });
  }, 30_000);

  it('show nothing of themselves to a seller', async () => {
    expect((await service.call('GET', '/integrity/head')).status).toBe(403);
    expect((await service.call('POST', `/integrity/verifications?token_id=${tokenId}`, undefined, 'tenant-b')).status).toBe(404);
  });

  it('finds nothing whole that it has not looked at', async () => {
    const orderId = '00000000-0000-4000-8000-000000000000';
    const answer = await service.call('POST', `/integrity/verify?token_id=${tokenId}&order_id=${orderId}`);
    expect([answer.status, answer.body['code']]).toEqual([404, 'NOTHING_TO_VERIFY']);
  });

  it('name a tail that was cut together with its head, and a stream that is gone whole', async () => {
    await asSuperuser(
      `delete from event_log.order_events where account_id = ${accountId} and order_id = 'o-3' and version = 3`,
      `update event_log.streams s set version = 2, tip_hash = (select hash from event_log.order_events e where e.stream_id = s.stream_id and e.version = 2)
       where account_id = ${accountId} and order_id = 'o-3'`,
    );
    expect(await verify(tokenId)).toMatchObject({ verified: false, flaw_count: 1, flaws: [{ order_id: 'o-3', version: 3, flaw: 'event_missing' }] });
    await asSuperuser(
      `delete from event_log.order_events where account_id = ${accountId} and order_id = 'o-7'`,
      `delete from event_log.streams where account_id = ${accountId} and order_id = 'o-7'`,
    );
    const { flaws } = (await verify(tokenId)) as { flaws: Json[] };
    expect(flaws).toContainEqual(expect.objectContaining({ order_id: null, version: 1, flaw: 'event_missing' }));
  }, 30_000);
});
