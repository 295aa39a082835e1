import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ArchiveFile } from '../../src/data-protection/archive-file.client.js';
import { ArchiveWorld } from '../support/archive-world.js';
import { ArchivedShop } from '../support/archived-shop.js';

const IDS = Array.from({ length: 6 }, (_, index) => `o${String(index)}`);
/** Each is written to a file and read back; a minute of them found nothing more than these do. */
const RUNS = 250;
const NEWLINE = 0x0a;

let world: ArchiveWorld;
let shop: ArchivedShop;
let whole: Buffer;
let lines: Buffer[];
let foreign: Buffer[];
let path: string;

const linesOf = (bytes: Buffer): Buffer[] =>
  bytes
    .toString('latin1')
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'latin1'));
const joined = (all: readonly Buffer[]): Buffer => Buffer.concat(all.flatMap((line) => [line, Buffer.from([NEWLINE])]));

beforeAll(async () => {
  world = await ArchiveWorld.open();
  shop = await ArchivedShop.open(world);
  const neighbour = await shop.neighbour();
  await shop.sell(IDS);
  await neighbour.sell(IDS.slice(0, 2));
  await shop.erase('o1');
  await shop.seal();
  ({ path } = await world.archive(shop.accountId, 'whole.ndjson'));
  whole = await readFile(path);
  lines = linesOf(whole);
  foreign = linesOf(await readFile((await world.archive(neighbour.accountId, 'foreign.ndjson')).path));
}, 60_000);

afterAll(async () => {
  await shop.context.close();
  await world.close();
});

async function flawsOf(bytes: Buffer): Promise<string[]> {
  const { report } = await new ArchiveFile(await world.put('tampered.ndjson', bytes)).verify();
  expect(report.verified).toBe(report.flaws.length === 0);
  return report.flaws.map(({ flaw }) => flaw);
}

async function kept(): Promise<unknown> {
  const { rows } = await world.there.owner.query(
    `select (select count(*)::int from event_log.streams) as streams, (select count(*)::int from accounts where tenant_id = 'tenant-b') as accounts,
       (select count(*)::int from event_log.imports) as imports, (select count(*)::int from vault.order_keys) as keys`,
  );
  return rows[0];
}

const NOTHING = { streams: 0, accounts: 0, imports: 0, keys: 0 };

describe('an archive that was tampered with', () => {
  const place = fc.nat();
  const line = fc.nat();
  const tampering = fc.oneof(
    fc.record({ what: fc.constant('flip'), place, bit: fc.nat({ max: 7 }) }).map(({ place: at, bit }) => () => {
      const bytes = Buffer.from(whole);
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
      return bytes;
    }),
    place.map((at) => () => whole.subarray(0, at % whole.length)),
    line.map((at) => () => joined(lines.toSpliced(at % lines.length, 1))),
    line.map((at) => () => joined(lines.toSpliced(at % lines.length, 0, lines[at % lines.length] ?? Buffer.alloc(0)))),
    fc.tuple(line, line).map(
      ([at, other]) =>
        () =>
          joined(lines.toSpliced(at % lines.length, 1, foreign[other % foreign.length] ?? Buffer.alloc(0))),
    ),
    line.map((at) => () => {
      const first = at % (lines.length - 1);
      return joined(lines.with(first, lines[first + 1] ?? Buffer.alloc(0)).with(first + 1, lines[first] ?? Buffer.alloc(0)));
    }),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => () => Buffer.concat([whole, bytes])),
  );

  it('is found out whatever was done to it: flips, cuts, lines gone, doubled, swapped, foreign or appended', async () => {
    expect(await flawsOf(whole)).toEqual([]);
    await fc.assert(
      fc.asyncProperty(tampering, async (tamper) => {
        const bytes = tamper();
        fc.pre(!bytes.equals(whole));
        expect(await flawsOf(bytes)).not.toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  it('is found out by any letter of its last line in another case, and by a blank in it', async () => {
    const last = lines.at(-1) ?? Buffer.alloc(0);
    const start = whole.length - last.length - 1;
    for (let at = start; at < whole.length - 1; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x20;
      expect({ at, flaws: await flawsOf(bytes) }).not.toEqual({ at, flaws: [] });
    }
    expect(await flawsOf(Buffer.from(whole.toString('latin1').replace('{"kind":"digest"', '{ "kind":"digest"'), 'latin1'))).toEqual(['digest_differs']);
  }, 60_000);

  it('says which of its sections was changed', async () => {
    const changed: [string, string, string][] = [
      ['header', '"login":null', '"login":"me"'],
      ['log', '"key":{"sealedFor"', '"key":{ "sealedFor"'],
      ['seals', '"kind":"seal"', '"kind": "seal"'],
      ['erasures', '"orderIds":["o1"]', '"orderIds":["o2"]'],
    ];
    for (const [section, from, to] of changed) {
      const path = await world.put('tampered.ndjson', Buffer.from(whole.toString('latin1').replace(from, to), 'latin1'));
      const { flaws } = (await new ArchiveFile(path).verify()).report;
      expect(flaws.filter(({ flaw }) => flaw === 'section_altered')).toEqual([{ flaw: 'section_altered', line: null, section }]);
    }
  });

  it.each<[string, () => Buffer, string]>([
    ['a document', () => Buffer.from(whole.toString('latin1').replace('Invented brick set', 'Invented brick sex'), 'latin1'), 'altered'],
    [
      'the manifest of another archive',
      () => joined([...lines.slice(0, -2), foreign.at(-2) ?? Buffer.alloc(0), lines.at(-1) ?? Buffer.alloc(0)]),
      'manifest_foreign',
    ],
    ['no manifest', () => joined(lines.toSpliced(-2, 1)), 'manifest_missing'],
    ['a cut tail', () => joined(lines.slice(0, -4)), 'archive_cut'],
    ['a line behind the last', () => joined([...lines, lines.at(-1) ?? Buffer.alloc(0)]), 'line_out_of_place'],
  ])('is refused with %s, which is named, and nothing of it is kept', async (_what, tamper, flaw) => {
    const bytes = tamper();
    expect(await flawsOf(bytes)).toContain(flaw);
    await expect(world.import(await world.put('refused.ndjson', bytes))).rejects.toThrow('the archive is not whole');
    expect(await kept()).toEqual(NOTHING);
  });

  it('is refused when another key signed it, or none, and its seals are checked with the key that did', async () => {
    const stranger = generateKeyPairSync('ed25519').publicKey;
    const file = new ArchiveFile(path);
    expect((await file.verify({ publicKey: world.signing.publicKey })).report).toMatchObject({ verified: true, signed: true });
    expect((await file.verify({ publicKey: stranger })).report.flaws).toEqual([{ flaw: 'signed_by_another', line: null, section: null }]);
    await expect(world.import(path, { trust: { publicKey: stranger } })).rejects.toThrow('not whole');
    const published = [{ number: '1', root: randomBytes(32) }];
    expect((await file.verify({ published })).report.flaws).toEqual([expect.objectContaining({ flaw: 'seal_replaced', seal: '1' })]);
    expect(await kept()).toEqual(NOTHING);
  });
});

describe('who reads an archive without its secret', () => {
  it('sees no buyer, with keys in it or without, and can verify it all the same', async () => {
    const bare = await world.archive(shop.accountId, 'bare.ndjson', null);
    expect(bare.report).toMatchObject({ verified: true, events: expect.any(Number), sealedEvents: bare.report.events });
    for (const file of [path, bare.path]) {
      const text = await readFile(file, 'utf8');
      for (const trace of ['buyer.of', 'login_o', 'Zmyślona', 'Nieistniejąca', '000 000 001']) expect(text).not.toContain(trace);
    }
    expect(await readFile(bare.path, 'utf8')).not.toContain('"sealedFor":"');
    await expect(world.import(bare.path)).rejects.toThrow('made without its keys');
    await expect(world.import(path, { secret: { kind: 'key', bytes: randomBytes(32) } })).rejects.toThrow('locked with another key file');
    await expect(world.import(path, { secret: { kind: 'passphrase', text: 'correct horse' } })).rejects.toThrow('locked with a key file');
    expect(await kept()).toEqual(NOTHING);
  });

  it('finds no key of an erased buyer in it', async () => {
    const streams = lines.map(
      (text) => JSON.parse(text.toString('utf8')) as { kind: string; orderId?: string; key?: { key: string | null; destroyedAt: string | null } },
    );
    const erased = streams.find(({ kind, orderId }) => kind === 'stream' && orderId === 'o1');
    const kept = streams.find(({ kind, orderId }) => kind === 'stream' && orderId === 'o2');
    expect(erased?.key).toMatchObject({ key: null, destroyedAt: expect.any(String) });
    expect(kept?.key).toMatchObject({ key: expect.any(String), destroyedAt: null });
    expect(streams.filter(({ kind }) => kind === 'erasure')).toHaveLength(1);
  });
});
