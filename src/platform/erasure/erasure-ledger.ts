import { Injectable } from '@nestjs/common';
import type { JsonValue } from '../../core/json.js';
import { query, type Transaction } from '../database/transaction.js';
import { buyerReferences, namedBuyer, orderReference } from '../vault/buyer-reference.js';
import { OrderKeys } from '../vault/order-keys.js';
import { purchasedAt } from './purchase-time.js';

/** Something read that may be a buyer's; `orderId` is '' where it names no order. */
export interface ReadDocument {
  readonly orderId: string;
  readonly document: JsonValue;
}

interface ErasedRow {
  readonly ref: string;
  readonly until: Date;
}

const ERASED_AMONG = `select encode(buyer_ref, 'hex') as ref, max(until) as until from vault.erased_buyers
  where account_id = $1 and buyer_ref = any ($2) group by buyer_ref`;

/** Tells of the asked documents whether their buyer was erased. */
export type IsErased = (document: JsonValue) => boolean;

/** Who was erased. Whatever stores what Allegro answers asks here first, in the transaction that stores it. */
@Injectable()
export class ErasureLedger {
  constructor(readonly keys: OrderKeys) {}

  /**
   * Reads only. From here to the end of the transaction no erasure of the account happens: one that came first is seen,
   * one that comes later finds what the transaction stored.
   */
  async recall(tx: Transaction, accountId: string, documents: readonly ReadDocument[]): Promise<IsErased> {
    const [gate] = await query<{ anybody: boolean }>(tx, 'select vault.await_erasures($1) as anybody', [accountId]);
    if (!gate?.anybody) return () => false;
    const references = new Map(documents.map((read) => [read.document, this.references(accountId, read)]));
    const rows = await query<ErasedRow>(tx, ERASED_AMONG, [accountId, [...references.values()].flat()]);
    const erased = new Map(rows.map(({ ref, until }) => [ref, until]));
    return (document) => {
      const bought = purchasedAt(document);
      // Of a purchase whose time is unknown nothing is kept: Allegro names it in every form and event.
      return (references.get(document) ?? []).some((reference) => {
        const until = erased.get(reference.toString('hex'));
        return until !== undefined && (bought === null || bought <= until);
      });
    };
  }

  /** Lets no recording of the account begin until the transaction ends, and waits for those under way. Must be its first statement. */
  async holdOff(tx: Transaction, accountId: string): Promise<void> {
    await query(tx, `select pg_advisory_xact_lock(hashtextextended('erasure:' || $1, 0))`, [accountId]);
  }

  private references(accountId: string, { orderId, document }: ReadDocument): Buffer[] {
    const buyer = namedBuyer(document);
    const own = orderId === '' ? [] : [orderReference(this.keys, accountId, orderId)];
    return buyer ? [...own, ...buyerReferences(this.keys, accountId, buyer)] : own;
  }
}
