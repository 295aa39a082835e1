import type { ChainedEvent } from './hash-chain.js';

/** Row of the event rowset that `event_log.append` and the adoption of an archive read; bytes travel as `\x` hex. */
export type EventRow = Readonly<Record<string, string | number | null>>;

export const hex = (bytes: Buffer | null | undefined): string | null => (bytes ? `\\x${bytes.toString('hex')}` : null);

export function eventRow(event: ChainedEvent, prev: Buffer, hash: Buffer): EventRow {
  return {
    order_id: event.orderId,
    version: event.version,
    type: event.type,
    source: event.source,
    schema_version: event.schemaVersion,
    dedup_key: event.dedupKey,
    occurred_at: event.occurredAt.toISOString(),
    observed_at: event.observedAt.toISOString(),
    recorded_at: event.recordedAt.toISOString(),
    payload: event.payload,
    sealed: hex(event.sealed),
    actor: event.actor,
    causation_id: event.causationId,
    trace_id: event.traceId,
    prev_hash: hex(prev),
    hash: hex(hash),
  };
}
