import { describe, expect, it } from '@jest/globals';
import { CHAIN_START, type ChainedEvent, eventHash } from './hash-chain.js';
import { type ClaimedEvent, verifyStream } from './verify-chain.js';

const instant = new Date('2026-02-03T04:05:06.789Z');
const event = (version: number, changes: Partial<ChainedEvent> = {}): ChainedEvent => ({
  accountId: '1', orderId: 'o', version, type: 't', source: 'service', schemaVersion: 1, dedupKey: `c:${String(version)}`, occurredAt: instant, observedAt: instant,
  recordedAt: instant, actor: 'a', causationId: null, traceId: null, payload: '{"n":1}', sealed: null, ...changes,
}); // prettier-ignore

function chain(...events: ChainedEvent[]): ClaimedEvent[] {
  let tip: Buffer = CHAIN_START;
  return events.map((member) => {
    const prevHash = tip;
    tip = eventHash(prevHash, member);
    return { ...member, prevHash, hash: tip };
  });
}

const headOf = (events: readonly ClaimedEvent[]) => ({ accountId: '1', orderId: 'o', version: events.length, tipHash: events.at(-1)?.hash ?? CHAIN_START });
const three = () => chain(event(1), event(2, { sealed: Buffer.from('cipher') }), event(3));

describe('verifying a stream', () => {
  it('finds nothing in a whole chain', () => {
    expect(verifyStream(headOf(three()), three())).toBeNull();
  });

  it.each<[string, Partial<ChainedEvent>]>([
    ['payload', { payload: '{"n":2}' }],
    ['sealed part', { sealed: Buffer.from('cipheR') }],
    ['time of recording', { recordedAt: new Date(instant.getTime() + 1) }],
    ['actor', { actor: 'b' }],
    ['trace id', { traceId: 'x' }],
    ['type', { type: 'u' }],
  ])('names the event whose %s was changed', (_what, change) => {
    const events = three();
    events[1] = { ...(events[1] as ClaimedEvent), ...change };
    expect(verifyStream(headOf(three()), events)).toEqual({ orderId: 'o', version: 2, flaw: 'altered' });
  });

  it('names the event behind one that was replaced together with its hash', () => {
    const events = three();
    const forged = event(2, { payload: '{"n":2}' });
    events[1] = { ...forged, prevHash: events[0]?.hash ?? CHAIN_START, hash: eventHash(events[0]?.hash ?? CHAIN_START, forged) };
    expect(verifyStream(headOf(three()), events)).toEqual({ orderId: 'o', version: 3, flaw: 'broken_link' });
  });

  it('names a version that is missing in the middle, and a tail that was cut off', () => {
    const [first, , third] = three();
    expect(verifyStream(headOf(three()), [first as ClaimedEvent, third as ClaimedEvent])).toEqual({ orderId: 'o', version: 2, flaw: 'missing_version' });
    expect(verifyStream(headOf(three()), three().slice(0, 2))).toEqual({ orderId: 'o', version: 3, flaw: 'head_differs' });
  });

  it('names an event that belongs to another stream', () => {
    expect(verifyStream(headOf(three()), chain(event(1, { orderId: 'p' })))).toEqual({ orderId: 'o', version: 1, flaw: 'foreign_stream' });
  });

  it('gives two headers that differ only in where a value ends different hashes', () => {
    expect(eventHash(CHAIN_START, event(1, { type: 'a', dedupKey: 'b,c' })).equals(eventHash(CHAIN_START, event(1, { type: 'a,b', dedupKey: 'c' })))).toBe(
      false,
    );
  });
});
