import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { JsonObject } from '../../src/core/json.js';
import { ErasureCleaning } from '../../src/erasure/erasure-cleaning.service.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { HoldersOfCopies } from '../../src/platform/erasure/holders-of-copies.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { formReading } from '../support/invented-orders.js';
import { type Json, Service } from '../support/service.js';
import { formOf, person, tablesWith, tracesOf } from '../support/stored-traces.js';
import { tokenWorld, type TokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let shop: { tokenId: string; accountId: string };
let folder: string;
let listFile: string;

const start = (role: 'api' | 'all', databaseUrl?: string) =>
  Service.start(world, { role, env: { ERASURE_LIST_FILE: listFile, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) } });

async function during<T>(service: Service, work: (service: Service) => Promise<T>): Promise<T> {
  try {
    return await work(service);
  } finally {
    await service.stop();
  }
}

const record = (service: Service, forms: readonly JsonObject[]) =>
  service.app
    .get(OrderRecorder, { strict: false })
    .record({ accountId: shop.accountId, fence: null, actor: 'sync', journal: [], forms: forms.map((form) => formReading(form)) });

async function erase(service: Service, naming: Json): Promise<string> {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/erasures',
    headers: { ...bearer(tokenOf('tenant-a', { roles: ['operator'], sub: 'olga' })), 'content-type': 'application/json' },
    payload: JSON.stringify({ token_id: shop.tokenId, reason: 'ticket 4711', ...naming }),
  });
  expect(answer.statusCode).toBe(202);
  return String(answer.json<Json>()['id']);
}

const receipt = async (service: Service, id: string) => (await service.call('GET', `/erasures/${id}?token_id=${shop.tokenId}`)).body;
const holders = (body: Json) => (body['cleaned'] as { holder: string }[]).map(({ holder }) => holder);

async function ownerOf<T>(url: string, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client(url);
  await owner.connect();
  return work(owner).finally(() => owner.end());
}

const sibling = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;

/** The database as it is now, under another name: what a dump of today would be restored to. */
async function copyDatabase(name: string): Promise<{ ownerUrl: string; serviceUrl: string }> {
  const { ownerUrl, serviceUrl, name: original } = world.database;
  await ownerOf(sibling(ownerUrl, 'postgres'), async (owner) => {
    await owner.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [original]);
    await owner.query(`create database ${name} template ${original}`);
  });
  return { ownerUrl: sibling(ownerUrl, name), serviceUrl: sibling(serviceUrl, name) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erasures-'));
  listFile = join(folder, 'erasures.ndjson');
  world = await tokenWorld();
  await during(await start('api'), async (service) => {
    shop = await service.connect('shop');
  });
});
afterAll(async () => {
  await world.release();
  await rm(folder, { recursive: true });
});

describe('an erasure that was cut off', () => {
  it('after its keys were destroyed is finished by the next process that works', async () => {
    const target = person(1);
    const id = await during(await start('api'), async (service) => {
      await record(service, [formOf('cut-1', target), formOf('cut-2', target)]);
      const started = await erase(service, { order_id: 'cut-1' });
      expect(await receipt(service, started)).toMatchObject({ status: 'cleaning', orders: 2, cleaned: [] });
      return started;
    });
    await ownerOf(world.database.ownerUrl, async (owner) => expect(await tablesWith(owner, tracesOf(target))).not.toEqual([]));
    await during(await start('all'), async (service) => {
      await eventually('the erasure is complete', async () => (await receipt(service, id))['status'] === 'completed');
    });
    await ownerOf(world.database.ownerUrl, async (owner) => expect(await tablesWith(owner, tracesOf(target))).toEqual([]));
  });

  it('between two holders goes on with the one that failed, and counts what was cleaned once', async () => {
    const target = person(2);
    await during(await start('api'), async (service) => {
      let failures = 1;
      const forget = () => (failures-- > 0 ? Promise.reject(new Error('the disk is full')) : Promise.resolve(7));
      service.app.get(HoldersOfCopies, { strict: false }).register({ name: 'files of a test', forget });
      await record(service, [formOf('half-1', target)]);
      const id = await erase(service, { email: target.email });
      const cleaning = service.app.get(ErasureCleaning, { strict: false });
      await expect(cleaning.clean(id)).rejects.toThrow('the disk is full');
      const half = await receipt(service, id);
      expect([half['status'], holders(half).includes('orders'), holders(half).includes('files of a test')]).toEqual(['cleaning', true, false]);
      await cleaning.clean(id);
      const whole = await receipt(service, id);
      expect(whole).toMatchObject({
        status: 'completed',
        cleaned: expect.arrayContaining([expect.objectContaining({ holder: 'files of a test', copies: 7 })]),
      });
      expect(whole['cleaned']).toEqual(expect.arrayContaining(half['cleaned'] as unknown[]));
    });
  });
});

describe('a database restored from an older copy', () => {
  const target = person(3);
  const other = person(4);
  const later = person(5);

  it('forgets at start whom the list names, before it answers anybody, and keeps all others', async () => {
    await during(await start('api'), (service) => record(service, [formOf('old-1', target), formOf('old-2', target), formOf('old-3', other)]));
    const older = await copyDatabase(`${world.database.name}_older`);
    try {
      const id = await during(await start('all'), async (service) => {
        const started = await erase(service, { login: target.login });
        await eventually('the erasure is complete', async () => (await receipt(service, started))['status'] === 'completed');
        expect((await receipt(service, started))['listed_at']).not.toBeNull();
        return started;
      });
      await ownerOf(older.ownerUrl, async (owner) => {
        expect(await tablesWith(owner, tracesOf(target))).not.toEqual([]);
        await during(await start('api', older.serviceUrl), async (service) => {
          expect(await receipt(service, id)).toMatchObject({ status: 'completed', origin: 'list', orders: 2, requested_by: 'olga', reason: 'ticket 4711' });
          expect(await tablesWith(owner, tracesOf(target))).toEqual([]);
          expect(await tablesWith(owner, tracesOf(other))).not.toEqual([]);
          await record(service, [formOf('old-1', target, { revision: 'x' }), formOf('old-4', target)]);
          expect(await tablesWith(owner, tracesOf(target))).toEqual([]);
        });
        await during(await start('api', older.serviceUrl), async (service) => {
          expect((await service.call('GET', `/erasures?token_id=${shop.tokenId}`)).body['total']).toBe(3);
        });
      });
    } finally {
      await ownerOf(sibling(world.database.ownerUrl, 'postgres'), (owner) => owner.query(`drop database ${world.database.name}_older with (force)`));
    }
  });

  it('needs nothing but the list: it holds no name, survives a torn line, and is written anew when it was lost', async () => {
    const before = await readFile(listFile, 'utf8');
    for (const trace of [...tracesOf(target), target.id]) expect(before).not.toContain(trace);
    await writeFile(listFile, before.slice(0, -20));
    await during(await start('api'), async (service) => {
      await record(service, [formOf('torn-1', later)]);
      const id = await erase(service, { buyer_id: later.id });
      await service.app.get(ErasureCleaning, { strict: false }).clean(id);
    });
    const ids = async () => new Set([...(await readFile(listFile, 'utf8')).matchAll(/"erasure":"([^"]+)".*"mac"/g)].map(([, id]) => id));
    expect((await ids()).size).toBe(4);
    await rm(listFile);
    await during(await start('api'), () => Promise.resolve());
    expect((await ids()).size).toBe(4);
  });

  it('does not start with a list somebody else wrote to', async () => {
    const written = await readFile(listFile, 'utf8');
    await writeFile(listFile, written.replace(/"references":\["../, '"references":["00'));
    await expect(start('api')).rejects.toThrow('ERASURE_LIST_FILE');
    await writeFile(listFile, written);
  });
});
