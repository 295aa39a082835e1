import type { JsonObject } from '../../core/json.js';
import { splitPersonalData } from '../vault/personal-data.js';
import { type EventRow, eventRow, hex } from './event-row.js';
import type { NewEvent, OwnKey, StreamAppend } from './events.js';
import { CHAIN_START, type ChainedEvent, eventHash } from './hash-chain.js';
import type { Head } from './heads.js';

/** Row of the head rowset that `event_log.append` reads; bytes travel as `\x` hex. */
export interface HeadRow {
  readonly order_id: string;
  readonly expected: number;
  readonly version: number;
  readonly prev_tip: string;
  readonly tip: string;
  readonly recorded_at: string;
  readonly content_version: number | null;
  readonly content_hash: string | null;
  readonly content_revision: string | null;
  readonly buyer_ref: string | null;
  readonly wrapped_key: string | null;
  /** Keys of single events; null where the stream's key seals them all. */
  readonly event_keys: readonly EventKeyRow[] | null;
  /** Null announces nothing. */
  readonly topics: readonly string[] | null;
  readonly changed: readonly string[];
}

interface EventKeyRow {
  readonly dedup_key: string;
  readonly buyer_ref: string | null;
  readonly wrapped_key: string | null;
}

/** Seals the personal values of one order. */
export interface OrderSealer {
  /** Null when the order's key was destroyed: then nothing personal is stored again. */
  seal(plain: Buffer): Buffer | null;
  /** The wrapped key where sealing had to make one; it must be stored with the events. */
  readonly newWrappedKey: Buffer | null;
}

/** Who seals: the stream's key, or one made for a single event. */
export interface Sealers {
  readonly stream: OrderSealer;
  ofEvent(event: NewEvent & { readonly ownKey: OwnKey }): OrderSealer;
}

export interface PlannedStream {
  readonly head: HeadRow;
  readonly events: readonly EventRow[];
}

function sealPayload(document: JsonObject, sealer: OrderSealer): { payload: string; sealed: Buffer | null } {
  const { payload, personal } = splitPersonalData(document);
  const sealed = personal.length > 0 ? sealer.seal(Buffer.from(JSON.stringify(personal))) : null;
  return { payload: JSON.stringify(payload), sealed };
}

interface Place {
  readonly accountId: string;
  readonly orderId: string;
  readonly version: number;
  readonly recordedAt: Date;
}

function chainedEvent(event: NewEvent, place: Place, sealer: OrderSealer): ChainedEvent {
  return {
    ...place,
    type: event.type,
    source: event.source,
    schemaVersion: event.schemaVersion ?? 1,
    dedupKey: event.dedupKey,
    occurredAt: event.occurredAt,
    observedAt: event.observedAt,
    actor: event.actor,
    causationId: event.causationId ?? null,
    traceId: event.traceId ?? null,
    ...sealPayload(event.payload, sealer),
  };
}

function sealerOf(event: NewEvent, sealers: Sealers): OrderSealer {
  const { ownKey } = event;
  return ownKey ? sealers.ofEvent({ ...event, ownKey }) : sealers.stream;
}

/** `recorded_at` never decreases within a stream, whatever the database's clock does. */
export function recordingTime(head: Head): Date {
  return head.recordedAt && head.recordedAt > head.clock ? head.recordedAt : head.clock;
}

function contentColumns({ content }: StreamAppend, version: number): Pick<HeadRow, 'content_version' | 'content_hash' | 'content_revision'> {
  if (!content) return { content_version: null, content_hash: null, content_revision: null };
  return { content_version: version, content_hash: hex(content.hash), content_revision: content.revision };
}

function announcedColumns({ announce }: StreamAppend): Pick<HeadRow, 'topics' | 'changed'> {
  return { topics: announce?.topics ?? null, changed: announce?.changed ?? [] };
}

/**
 * Numbers, seals and chains the events of one stream behind its head. The caller has dropped repetitions.
 */
export function planStream(accountId: string, head: Head, append: StreamAppend, sealers: Sealers): PlannedStream {
  const recordedAt = recordingTime(head);
  const place = { accountId: head.chainAccountId ?? accountId, orderId: head.orderId, recordedAt };
  const previousTip = head.tipHash ?? CHAIN_START;
  let tip = previousTip;
  let version = head.version;
  const eventKeys: EventKeyRow[] = [];
  const events = append.events.map((event) => {
    version += 1;
    const sealer = sealerOf(event, sealers);
    const chained = chainedEvent(event, { ...place, version }, sealer);
    if (event.ownKey) eventKeys.push({ dedup_key: event.dedupKey, buyer_ref: hex(event.ownKey.buyerRef), wrapped_key: hex(sealer.newWrappedKey) });
    const hash = eventHash(tip, chained);
    const row = eventRow(chained, tip, hash);
    tip = hash;
    return row;
  });
  return {
    events,
    head: {
      order_id: head.orderId,
      expected: head.version,
      version,
      prev_tip: hex(previousTip) ?? '',
      tip: hex(tip) ?? '',
      recorded_at: recordedAt.toISOString(),
      ...contentColumns(append, version),
      buyer_ref: hex(append.buyerRef),
      wrapped_key: hex(sealers.stream.newWrappedKey),
      event_keys: eventKeys.length > 0 ? eventKeys : null,
      ...announcedColumns(append),
    },
  };
}
