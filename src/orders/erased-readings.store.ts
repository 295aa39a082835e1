import type { Transaction } from '../platform/database/transaction.js';
import type { ErasureLedger, IsErased } from '../platform/erasure/erasure-ledger.js';
import { ACCOUNT_STREAM, type NewEvent } from '../platform/event-log/events.js';
import type { Head } from '../platform/event-log/heads.js';
import { buyerReference, namedBuyer } from '../platform/vault/buyer-reference.js';
import type { StreamReadings } from './group-readings.js';

const documentsOf = ({ journal, forms }: StreamReadings) => [...journal.map(({ event }) => event), ...forms.map(({ form }) => form)];

/** Whom of the readings' buyers was erased; see {@link ErasureLedger.recall}. */
export async function recallErased(tx: Transaction, ledger: ErasureLedger, accountId: string, streams: readonly StreamReadings[]): Promise<IsErased> {
  const read = streams.flatMap((readings) => documentsOf(readings).map((document) => ({ orderId: readings.orderId, document })));
  return ledger.recall(tx, accountId, read);
}

/** Heads of orders whose buyer was erased look as if their key was destroyed, also before they are born: nothing personal of them is stored. */
export function withErasedHeads(heads: ReadonlyMap<string, Head>, streams: readonly StreamReadings[], isErased: IsErased): Map<string, Head> {
  const marked = new Map(heads);
  for (const readings of streams) {
    const head = heads.get(readings.orderId);
    if (!head || readings.orderId === ACCOUNT_STREAM || !documentsOf(readings).some(isErased)) continue;
    marked.set(readings.orderId, { ...head, hasKey: true, wrappedKey: null });
  }
  return marked;
}

/** Events of the account's own stream, each sealed for its own buyer. */
export function withOwnKeys(events: readonly NewEvent[], ledger: ErasureLedger, accountId: string, isErased: IsErased): NewEvent[] {
  return events.map((event) => {
    const buyerRef = buyerReference(ledger.keys, accountId, namedBuyer(event.payload));
    return { ...event, ownKey: { buyerRef, isErased: isErased(event.payload) } };
  });
}
