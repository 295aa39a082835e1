import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BEFORE_THE_FIRST_SEAL, checkLink, checkPart, checkPublished, checkRoot } from './check-seals.js';
import { readLeaves, type Seal, sealBody, type SealedEntry, type SealPart, sealParts, sealRoot } from './seal-record.js';

const hashOf = (text: string) => createHash('sha256').update(text).digest();
const entry = (seq: number, changes: Partial<SealedEntry> = {}): SealedEntry => ({
  epoch: 1,
  xid: '700',
  seq: String(seq),
  accountId: '1',
  streamId: String(seq % 3),
  version: seq,
  hash: hashOf(String(seq)),
  ...changes,
});
const entries = () => Array.from({ length: 9 }, (_, index) => entry(index + 1));
const partOf = (sealed: readonly SealedEntry[]) => sealParts(sealed)[0] as SealPart;

function sealOf(sealed: readonly SealedEntry[]): Seal {
  const header = { number: '1', from: { epoch: 0, xid: '0', seq: '0' }, to: { epoch: 1, xid: '700', seq: '9' }, events: sealed.length, sealedAt: new Date(0) };
  const { root: previousRoot } = BEFORE_THE_FIRST_SEAL;
  const root = sealRoot(
    previousRoot,
    sealBody(
      header,
      sealParts(sealed).map(({ digest }) => digest),
    ),
  );
  return { ...header, previousRoot, root, signature: null, keyId: null };
}

describe('a part of a seal', () => {
  it('accepts the events it was made of', () => {
    expect(checkPart('1', partOf(entries()), entries())).toBeNull();
  });

  it.each<[string, string, (sealed: SealedEntry[]) => SealedEntry[], number | null]>([
    ['is gone', 'event_missing', (sealed) => sealed.filter(({ version }) => version !== 5), 5],
    ['was rewritten with its whole chain', 'event_replaced', (sealed) => sealed.with(4, entry(5, { hash: hashOf('forged') })), 5],
    ['was slipped in later', 'event_not_sealed', (sealed) => [...sealed, entry(10)], 10],
    ['stands at another place', 'event_moved', (sealed) => [...sealed.slice(0, 3), entry(5, { seq: '3' }), entry(4, { seq: '5' }), ...sealed.slice(5)], 4],
    ['has another transaction', 'part_altered', (sealed) => sealed.with(4, entry(5, { xid: '701' })), null],
  ])('names the event that %s', (_what, flaw, change, version) => {
    expect(checkPart('1', partOf(entries()), change(entries()))).toMatchObject({ seal: '1', flaw, version });
  });

  it('names the first of any events that are gone', () => {
    fc.assert(
      fc.property(fc.subarray([1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 1 }), (gone) => {
        const left = entries().filter(({ version }) => !gone.includes(version));
        expect(checkPart('1', partOf(entries()), left)).toMatchObject({ flaw: 'event_missing', version: Math.min(...gone) });
      }),
    );
  });

  it('keeps the accounts apart and in the order of their numbers', () => {
    const mixed = [entry(1, { accountId: '10' }), entry(2, { accountId: '9' }), entry(3, { accountId: '10' })];
    expect(sealParts(mixed).map(({ accountId, events }) => [accountId, events])).toEqual([
      ['9', 1],
      ['10', 2],
    ]);
    expect(readLeaves(sealParts(mixed)[1]?.leaves ?? Buffer.alloc(0)).map(({ version }) => version)).toEqual([1, 3]);
  });
});

describe('a seal', () => {
  const digests = sealParts(entries()).map(({ digest }) => digest);

  it('covers what it says, its parts and the root before it', () => {
    const seal = sealOf(entries());
    expect(checkRoot(seal, digests)).toBeNull();
    expect(checkRoot(seal, [hashOf('other')])).toMatchObject({ flaw: 'seal_altered' });
    expect(checkRoot({ ...seal, events: 8 }, digests)).toMatchObject({ flaw: 'seal_altered' });
    expect(checkRoot({ ...seal, sealedAt: new Date(1) }, digests)).toMatchObject({ flaw: 'seal_altered' });
    expect(checkRoot({ ...seal, to: { ...seal.to, epoch: 2 } }, digests)).toMatchObject({ flaw: 'seal_altered' });
  });

  it('continues the one before it, without a gap', () => {
    const seal = sealOf(entries());
    expect(checkLink(seal, BEFORE_THE_FIRST_SEAL)).toBeNull();
    expect(checkLink({ ...seal, number: '2' }, BEFORE_THE_FIRST_SEAL)).toMatchObject({ flaw: 'seal_missing', seal: '1' });
    expect(checkLink(seal, { ...BEFORE_THE_FIRST_SEAL, root: hashOf('other') })).toMatchObject({ flaw: 'seal_unlinked' });
  });

  it('is compared with what was published', () => {
    const { number, root } = sealOf(entries());
    expect(checkPublished([{ number, root }], () => root)).toEqual([]);
    expect(checkPublished([{ number, root }], () => hashOf('rewritten'))).toMatchObject([{ flaw: 'seal_replaced' }]);
    expect(checkPublished([{ number, root }], () => null)).toMatchObject([{ flaw: 'seal_missing' }]);
  });
});
