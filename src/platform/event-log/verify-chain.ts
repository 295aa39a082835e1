import { CHAIN_START, type ChainedEvent, eventHash } from './hash-chain.js';

/** An event as stored, with the links it claims. */
export interface ClaimedEvent extends ChainedEvent {
  readonly prevHash: Buffer;
  readonly hash: Buffer;
}

/** The head a stream claims to end at. */
export interface ClaimedHead {
  readonly accountId: string;
  readonly orderId: string;
  readonly version: number;
  readonly tipHash: Buffer;
}

export type Flaw = 'altered' | 'broken_link' | 'missing_version' | 'foreign_stream' | 'head_differs';

export interface ChainFlaw {
  readonly orderId: string;
  readonly version: number;
  readonly flaw: Flaw;
}

function flawOf(event: ClaimedEvent, head: ClaimedHead, expected: { version: number; tip: Buffer }): Flaw | null {
  if (event.accountId !== head.accountId || event.orderId !== head.orderId) return 'foreign_stream';
  if (event.version !== expected.version) return 'missing_version';
  if (!event.prevHash.equals(expected.tip)) return 'broken_link';
  return eventHash(event.prevHash, event).equals(event.hash) ? null : 'altered';
}

/** The first event of a stream that is not what was appended, or null. `events` in version order, from the first on. */
export function verifyStream(head: ClaimedHead, events: readonly ClaimedEvent[]): ChainFlaw | null {
  let tip: Buffer = CHAIN_START;
  let version = 0;
  for (const event of events) {
    version += 1;
    const flaw = flawOf(event, head, { version, tip });
    if (flaw) return { orderId: head.orderId, version, flaw };
    tip = event.hash;
  }
  if (head.version === version && head.tipHash.equals(tip)) return null;
  return { orderId: head.orderId, version: version + 1, flaw: 'head_differs' };
}
