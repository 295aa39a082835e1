import { createHash } from 'node:crypto';

/** Every column of an event that carries meaning. Transaction id, sequence and the surrogate stream id are covered by seals and heads. */
export interface ChainedEvent {
  readonly accountId: string;
  readonly orderId: string;
  readonly version: number;
  readonly type: string;
  readonly source: string;
  readonly schemaVersion: number;
  readonly dedupKey: string;
  readonly occurredAt: Date;
  readonly observedAt: Date;
  readonly recordedAt: Date;
  readonly actor: string;
  readonly causationId: string | null;
  readonly traceId: string | null;
  /** The stored bytes of the payload, as text. */
  readonly payload: string;
  readonly sealed: Buffer | null;
}

/** What the first event of a stream is chained to. */
export const CHAIN_START = Buffer.alloc(32);

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest();

/**
 * sha256(previous hash, header, sha256(payload), sha256(sealed)). The header is a JSON array, so no two headers read alike.
 * The ciphertext is hashed, not the plain text: destroying a key leaves the chain whole.
 */
export function eventHash(previous: Buffer, event: ChainedEvent): Buffer {
  const header = JSON.stringify([
    event.accountId,
    event.orderId,
    event.version,
    event.type,
    event.source,
    event.schemaVersion,
    event.dedupKey,
    event.occurredAt.toISOString(),
    event.observedAt.toISOString(),
    event.recordedAt.toISOString(),
    event.actor,
    event.causationId,
    event.traceId,
  ]);
  const hash = createHash('sha256').update(previous).update(header).update(sha256(event.payload));
  if (event.sealed) hash.update(sha256(event.sealed));
  return hash.digest();
}
