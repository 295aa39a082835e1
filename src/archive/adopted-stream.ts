import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../core/json.js';
import type { ArchivedEvent, ArchivedStream } from '../data-protection/archive-file.client.js';
import type { ArchiveLock } from '../data-protection/archive-lock.js';
import type { ArchivedKey } from '../data-protection/log-export.js';
import { eventRow, hex } from '../platform/event-log/event-row.js';
import type { EventSource, RecordedEvent } from '../platform/event-log/events.js';
import { buyerReference, namedBuyer } from '../platform/vault/buyer-reference.js';
import { type BareKey, eventOwner, type OrderKeys } from '../platform/vault/order-keys.js';
import { joinPersonalData } from '../platform/vault/personal-data.js';

type Row = Readonly<Record<string, string | number | null>>;

/** A stream of an archive as this installation keeps it. */
export interface AdoptedStream {
  readonly row: Row;
  readonly events: readonly Row[];
  readonly keys: readonly Row[];
  /** Readable; the stream's number here is not known yet. */
  readonly recorded: readonly Omit<RecordedEvent, 'streamId'>[];
  readonly bytes: number;
}

export interface Adoption {
  /** The account here. */
  readonly accountId: string;
  readonly keys: OrderKeys;
  readonly lock: ArchiveLock;
  contentHash(orderId: string, form: JsonObject, isErased: boolean): Buffer;
}

const PLACE_BYTES = 20;

/** An erasure keeps no number of its own elsewhere: the same archive may come into two tenants of one installation. */
export function adoptedErasureId(accountId: string, erasureId: string): string {
  const digits = createHash('sha256').update(`${accountId}:${erasureId}`).digest('hex');
  return [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-');
}

function placesOf(events: readonly ArchivedEvent[]): Buffer {
  const places = Buffer.alloc(events.length * PLACE_BYTES);
  events.forEach(({ event }, index) => {
    const at = index * PLACE_BYTES;
    places.writeInt32BE(event.epoch, at);
    places.writeBigUInt64BE(BigInt(event.xid), at + 4);
    places.writeBigInt64BE(BigInt(event.seq), at + 12);
  });
  return places;
}

const eventRowOf = ({ event }: ArchivedEvent): Row => ({ ...eventRow(event, event.prevHash, event.hash), seq: event.seq });

function bareKey(key: ArchivedKey | null, owner: string, { lock }: Adoption): BareKey | null {
  if (!key) return null;
  const { sealedFor, key: locked, destroyedAt } = key;
  if (sealedFor !== null && locked !== null) return { key: lock.unseal(sealedFor, owner, locked), sealedFor };
  if (destroyedAt === null) throw new Error('the archive lacks the key of an order whose buyer was not erased');
  return null;
}

function readable({ event }: ArchivedEvent, key: BareKey | null, owner: string, { keys }: Adoption): Omit<RecordedEvent, 'streamId'> {
  const { version, orderId, type, schemaVersion, dedupKey, occurredAt, observedAt, recordedAt, actor, causationId, traceId } = event;
  const personal: JsonValue[] | null = key && event.sealed ? keys.openWith(key, owner, event.sealed) : null;
  const payload = joinPersonalData(JSON.parse(event.payload) as JsonObject, personal);
  const source = event.source as EventSource;
  return { version, orderId, type, source, schemaVersion, dedupKey, occurredAt, observedAt, recordedAt, payload, actor, causationId, traceId };
}

/** Who the buyer is, as the forms say, else the journal. */
function buyerRefOf(events: readonly Omit<RecordedEvent, 'streamId'>[], isErased: boolean, { keys, accountId }: Adoption): Buffer | null {
  if (isErased) return null;
  const named = (source: EventSource) => events.find((event) => event.source === source && namedBuyer(event.payload) !== null);
  const event = named('form') ?? named('journal');
  return event ? buyerReference(keys, accountId, namedBuyer(event.payload)) : null;
}

function keyRow(key: ArchivedKey, bare: BareKey | null, owner: { orderId: string; dedupKey: string | null; name: string }, adoption: Adoption): Row {
  return {
    order_id: owner.orderId,
    dedup_key: owner.dedupKey,
    wrapped_key: bare && hex(adoption.keys.adopt(adoption.accountId, owner.name, bare)),
    created_at: key.createdAt,
    destroyed_at: key.destroyedAt,
    erasure_id: key.erasureId && adoptedErasureId(adoption.accountId, key.erasureId),
  };
}

function contentColumns({ head, events }: ArchivedStream, recorded: AdoptedStream['recorded'], isErased: boolean, adoption: Adoption): Row {
  const index = head.contentVersion === null ? -1 : head.contentVersion - 1;
  const stored = events[index]?.event;
  const form = isErased && stored ? (JSON.parse(stored.payload) as JsonObject) : recorded[index]?.payload;
  if (!form) return { content_version: null, content_hash: null, content_revision: null };
  const content_hash = hex(adoption.contentHash(head.orderId, form, isErased));
  return { content_version: head.contentVersion, content_hash, content_revision: head.contentRevision };
}

/** The keys of single events of the account's own stream. */
function eventKeyRows(events: readonly ArchivedEvent[], recorded: AdoptedStream['recorded'], adoption: Adoption): Row[] {
  return events.flatMap(({ event, key }, index) => {
    const read = recorded[index];
    if (!key || !read) return [];
    const name = eventOwner(event.dedupKey);
    const row = keyRow(key, bareKey(key, name, adoption), { orderId: event.orderId, dedupKey: event.dedupKey, name }, adoption);
    return [{ ...row, buyer_ref: hex(buyerRefOf([read], key.destroyedAt !== null, adoption)) }];
  });
}

/**
 * Makes of a verified stream what this installation keeps: the events as they are, their keys under its own master key, and what is
 * recognised by hashes under its own pepper.
 * @throws when a key does not open what it should
 */
export function adoptStream(stream: ArchivedStream, adoption: Adoption): AdoptedStream {
  const { head, key, events } = stream;
  const isErased = key !== null && key.destroyedAt !== null;
  const bare = bareKey(key, head.orderId, adoption);
  const recorded = events.map((archived) => {
    const owner = archived.key ? eventOwner(archived.event.dedupKey) : head.orderId;
    return readable(archived, archived.key ? bareKey(archived.key, owner, adoption) : bare, owner, adoption);
  });
  const own = key ? [keyRow(key, bare, { orderId: head.orderId, dedupKey: null, name: head.orderId }, adoption)] : [];
  return {
    row: {
      order_id: head.orderId,
      version: head.version,
      tip: hex(head.tipHash),
      recorded_at: recorded.at(-1)?.recordedAt.toISOString() ?? null,
      chain_account_id: head.accountId,
      origin_stream_id: head.streamId,
      places: hex(placesOf(events)),
      ...contentColumns(stream, recorded, isErased, adoption),
    },
    events: events.map(eventRowOf),
    keys: [...own.map((row) => ({ ...row, buyer_ref: hex(buyerRefOf(recorded, isErased, adoption)) })), ...eventKeyRows(events, recorded, adoption)],
    recorded,
    bytes: events.reduce((sum, { event }) => sum + event.payload.length + (event.sealed?.length ?? 0), 0),
  };
}
