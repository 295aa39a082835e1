import type { JsonObject } from '../core/json.js';
import type { FeedPosition } from '../platform/event-log/feed.js';
import type { ClaimedEvent, ClaimedHead } from '../platform/event-log/verify-chain.js';
import { type Seal, sealBody, type SealedEntry, type SealPart } from './seal-record.js';

/** An event as exported: its chain and its place in the feed. */
export type ExportedEvent = ClaimedEvent & SealedEntry;

export interface ExportedHead extends ClaimedHead {
  readonly streamId: string;
  /** Version and revision of the form last read; null before the first. */
  readonly contentVersion: number | null;
  readonly contentRevision: string | null;
}

/** A data key as an archive carries it, beside the stream or the event it belongs to. */
export interface ArchivedKey {
  /** The account that what is sealed under it names; null where the key is not in the archive. */
  readonly sealedFor: string | null;
  /** Under the archive's lock, base64. */
  readonly key: string | null;
  readonly createdAt: string;
  /** Set where the buyer was erased. */
  readonly destroyedAt: string | null;
  readonly erasureId: string | null;
}

/** A seal as one account's export carries it: the shares of others are digests without a name. */
export interface ExportedSeal {
  readonly seal: Seal;
  /** What the root is made of beside the root before it. */
  readonly body: Buffer;
  /** Digests of all shares; left out where the account has none. */
  readonly digests: readonly Buffer[] | null;
  readonly own: SealPart | null;
}

export type ExportLine =
  | { readonly kind: 'event'; readonly event: ExportedEvent; readonly key: ArchivedKey | null }
  | { readonly kind: 'stream'; readonly head: ExportedHead; readonly key: ArchivedKey | null }
  | { readonly kind: 'seal'; readonly sealed: ExportedSeal }
  | { readonly kind: 'end'; readonly lines: number };

const hex = (bytes: Buffer) => bytes.toString('hex');
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const unhex = (value: unknown) => Buffer.from(text(value), 'hex');
const instant = (value: unknown) => new Date(text(value));
const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

const beside = (key: ArchivedKey | undefined) => (key ? { key } : {});

export function eventLine(event: ExportedEvent, key?: ArchivedKey): string {
  const { occurredAt, observedAt, recordedAt, sealed, prevHash, hash, ...plain } = event;
  const times = { occurredAt: occurredAt.toISOString(), observedAt: observedAt.toISOString(), recordedAt: recordedAt.toISOString() };
  return JSON.stringify({
    kind: 'event',
    ...plain,
    ...times,
    sealed: sealed && sealed.toString('base64'),
    prevHash: hex(prevHash),
    hash: hex(hash),
    ...beside(key),
  });
}

export function streamLine(head: ExportedHead, key?: ArchivedKey): string {
  return JSON.stringify({ kind: 'stream', ...head, tipHash: hex(head.tipHash), ...beside(key) });
}

/** @param parts all shares of the seal, in the order of their accounts */
export function sealLine(seal: Seal, parts: readonly SealPart[], accountId: string): string {
  const digests = parts.map((part) => part.digest);
  const own = parts.find((part) => part.accountId === accountId);
  return JSON.stringify({
    kind: 'seal',
    number: seal.number,
    root: hex(seal.root),
    previousRoot: hex(seal.previousRoot),
    body: hex(sealBody(seal, digests)),
    signature: seal.signature && hex(seal.signature),
    keyId: seal.keyId,
    ...(own
      ? {
          from: seal.from,
          to: seal.to,
          events: seal.events,
          sealedAt: seal.sealedAt.toISOString(),
          digests: digests.map(hex),
          own: { accountId: own.accountId, events: own.events, digest: hex(own.digest), leaves: own.leaves.toString('base64') },
        }
      : {}),
  });
}

export function endLine(lines: number): string {
  return JSON.stringify({ kind: 'end', lines });
}

const keyOf = (row: JsonObject) => (row['key'] as unknown as ArchivedKey | undefined) ?? null;

function eventOf(row: JsonObject): ExportedEvent {
  return {
    ...(row as unknown as ExportedEvent),
    occurredAt: instant(row['occurredAt']),
    observedAt: instant(row['observedAt']),
    recordedAt: instant(row['recordedAt']),
    sealed: typeof row['sealed'] === 'string' ? Buffer.from(row['sealed'], 'base64') : null,
    prevHash: unhex(row['prevHash']),
    hash: unhex(row['hash']),
  };
}

function ownOf(own: JsonObject): SealPart {
  return {
    accountId: text(own['accountId']),
    events: Number(own['events']),
    digest: unhex(own['digest']),
    leaves: Buffer.from(text(own['leaves']), 'base64'),
  };
}

const NOWHERE: FeedPosition = { epoch: 0, xid: '0', seq: '0' };

function sealOf(row: JsonObject): ExportedSeal {
  const signature = textOrNull(row['signature']);
  const seal: Seal = {
    number: text(row['number']),
    from: (row['from'] as unknown as FeedPosition | undefined) ?? NOWHERE,
    to: (row['to'] as unknown as FeedPosition | undefined) ?? NOWHERE,
    events: Number(row['events'] ?? 0),
    previousRoot: unhex(row['previousRoot']),
    root: unhex(row['root']),
    sealedAt: instant(row['sealedAt']),
    signature: signature === null ? null : unhex(signature),
    keyId: textOrNull(row['keyId']),
  };
  const { digests, own } = row;
  return { seal, body: unhex(row['body']), digests: Array.isArray(digests) ? digests.map(unhex) : null, own: own ? ownOf(own as JsonObject) : null };
}

/** @throws when the line is none of an export */
export function readExportLine(line: string | JsonObject): ExportLine {
  const row = typeof line === 'string' ? (JSON.parse(line) as JsonObject) : line;
  switch (row['kind']) {
    case 'event':
      return { kind: 'event', event: eventOf(row), key: keyOf(row) };
    case 'stream':
      return { kind: 'stream', head: { ...(row as unknown as ExportedHead), tipHash: unhex(row['tipHash']) }, key: keyOf(row) };
    case 'seal':
      return { kind: 'seal', sealed: sealOf(row) };
    case 'end':
      return { kind: 'end', lines: Number(row['lines']) };
    default:
      throw new Error('the file holds a line that no export has');
  }
}
