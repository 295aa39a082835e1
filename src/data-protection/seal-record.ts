import { createHash } from 'node:crypto';
import type { FeedPosition } from '../platform/event-log/feed.js';

/** An event as a seal covers it. */
export interface SealedEntry extends FeedPosition {
  readonly accountId: string;
  readonly streamId: string;
  readonly version: number;
  readonly hash: Buffer;
}

/** What names an event inside a seal, should the log no longer hold it. */
export interface Leaf {
  readonly streamId: string;
  readonly version: number;
  /** The first bytes of its hash. */
  readonly mark: Buffer;
}

/** One account's share of a seal. */
export interface SealPart {
  readonly accountId: string;
  readonly events: number;
  readonly digest: Buffer;
  readonly leaves: Buffer;
}

export interface SealHeader {
  readonly number: string;
  /** Exclusive: where the seal before it ends. */
  readonly from: FeedPosition;
  /** Inclusive. */
  readonly to: FeedPosition;
  readonly events: number;
  readonly previousRoot: Buffer;
  readonly sealedAt: Date;
}

export interface Seal extends SealHeader {
  readonly root: Buffer;
  readonly signature: Buffer | null;
  readonly keyId: string | null;
}

/** What the first seal continues. */
export const FIRST_PREVIOUS_ROOT = Buffer.alloc(32);
const MARK_BYTES = 4;
const LEAF_BYTES = 8 + 4 + MARK_BYTES;

const placeOf = ({ epoch, xid, seq }: FeedPosition) => [epoch, xid, seq];

/** Covers the place in the feed and the surrogate stream id too: the chain of a stream leaves them out. */
export function partDigest(accountId: string, entries: readonly SealedEntry[]): Buffer {
  const hash = createHash('sha256').update(JSON.stringify(['part', accountId, entries.length]));
  for (const entry of entries) hash.update(JSON.stringify([...placeOf(entry), entry.streamId, entry.version, entry.hash.toString('hex')]));
  return hash.digest();
}

function packLeaves(entries: readonly SealedEntry[]): Buffer {
  const packed = Buffer.alloc(entries.length * LEAF_BYTES);
  entries.forEach((entry, index) => {
    const at = index * LEAF_BYTES;
    packed.writeBigInt64BE(BigInt(entry.streamId), at);
    packed.writeInt32BE(entry.version, at + 8);
    entry.hash.copy(packed, at + 12, 0, MARK_BYTES);
  });
  return packed;
}

export function readLeaves(packed: Buffer): Leaf[] {
  return Array.from({ length: Math.floor(packed.length / LEAF_BYTES) }, (_, index) => {
    const at = index * LEAF_BYTES;
    return { streamId: packed.readBigInt64BE(at).toString(), version: packed.readInt32BE(at + 8), mark: packed.subarray(at + 12, at + LEAF_BYTES) };
  });
}

/** True when a leaf was made of an event with this hash. */
export function isMarkOf(mark: Buffer, hash: Buffer): boolean {
  return mark.equals(hash.subarray(0, MARK_BYTES));
}

/** The parts of a stretch of the feed, by account. `entries` in feed order. */
export function sealParts(entries: readonly SealedEntry[]): SealPart[] {
  return [...Map.groupBy(entries, (entry) => entry.accountId)]
    .sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1))
    .map(([accountId, own]) => ({ accountId, events: own.length, digest: partDigest(accountId, own), leaves: packLeaves(own) }));
}

/** Everything a seal says but what came before it. `digests` in the order of their accounts' numbers. */
export function sealBody(seal: Omit<SealHeader, 'previousRoot'>, digests: readonly Buffer[]): Buffer {
  const header = JSON.stringify(['seal', seal.number, placeOf(seal.from), placeOf(seal.to), seal.events, seal.sealedAt.toISOString()]);
  return createHash('sha256')
    .update(header)
    .update(Buffer.concat([...digests]))
    .digest();
}

export function sealRoot(previousRoot: Buffer, body: Buffer): Buffer {
  return createHash('sha256').update(previousRoot).update(body).digest();
}
