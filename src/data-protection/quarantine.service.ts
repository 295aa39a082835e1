import { Injectable } from '@nestjs/common';
import type { JsonValue } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { ErasureLedger, type IsErased } from '../platform/erasure/erasure-ledger.js';
import type { HeldReason } from './held-reason.js';
import { type AccountSealer, QuarantineKeys } from './quarantine-keys.service.js';
import { decideItem, insertItems, type OrderKeyRow, orderKeys, type QuarantineRow, supersedeItems } from './quarantine.store.js';
import { contentText, keptContent } from './quarantined-content.js';

/** A reading on its way into quarantine. */
export interface QuarantinedReading {
  readonly kind: 'form' | 'event';
  /** '' where the reading names none. */
  readonly orderId: string;
  readonly content: JsonValue;
  readonly reasons: readonly HeldReason[];
  readonly observedAt: Date;
  readonly traceId: string | null;
}

type UnsealedReading = Pick<QuarantinedReading, 'orderId' | 'content'>;

/** A document sealed under its order's key (`keyId` null) or under an account key. */
export interface SealedContent {
  readonly keyId: string | null;
  readonly sealed: Buffer;
}

/** Readings that were not recorded, kept whole. */
@Injectable()
export class Quarantine {
  constructor(
    private readonly ledger: ErasureLedger,
    private readonly accountKeys: QuarantineKeys,
    private readonly database: Database,
  ) {}

  /** Keeps readings in the transaction that moves the cursor past them. @param pauseId the pause they caused, if they did */
  async hold(tx: Transaction, accountId: string, readings: readonly QuarantinedReading[], pauseId: string | null): Promise<void> {
    if (readings.length === 0) return;
    const keys = await this.keysOf(tx, accountId, readings);
    const isErased = await this.recall(tx, accountId, readings);
    const rows = new Map<string, QuarantineRow>();
    const sealer = once(() => this.accountKeys.sealer(tx, accountId));
    for (const reading of readings) {
      const { keyId, sealed } = await this.sealReading(accountId, { reading, key: keys.get(reading.orderId), isErased }, sealer);
      const content_key = hex(this.contentKey(reading));
      // The same content twice in one batch would meet itself in one statement.
      rows.set(`${reading.orderId}\n${content_key}`, {
        order_id: reading.orderId,
        content_key,
        kind: reading.kind,
        reasons: reading.reasons,
        held_version: keys.get(reading.orderId)?.version ?? null,
        pause_id: pauseId,
        key_id: keyId,
        sealed: hex(sealed),
        observed_at: reading.observedAt.toISOString(),
        trace_id: reading.traceId,
      });
    }
    await insertItems(tx, accountId, [...rows.values()]);
  }

  /** A document sealed for keeping beside an order that has not landed; see {@link hold} for under which key. */
  async seal(tx: Transaction, accountId: string, document: UnsealedReading): Promise<SealedContent> {
    const [key] = await orderKeys(tx, accountId, [document.orderId]);
    const isErased = await this.recall(tx, accountId, [document]);
    return this.sealReading(accountId, { reading: document, key, isErased }, () => this.accountKeys.sealer(tx, accountId));
  }

  /** What was sealed; null when its key was destroyed or expired. */
  async open(accountId: string, orderId: string, { keyId, sealed }: SealedContent): Promise<JsonValue | null> {
    if (keyId !== null) return this.accountKeys.open(accountId, keyId, sealed);
    const [key] = await this.database.transaction((tx) => orderKeys(tx, accountId, [orderId]));
    return this.ledger.keys.openPersonal(accountId, orderId, { wrappedKey: key?.wrappedKey ?? null, sealed })?.[0] ?? null;
  }

  /** Those of the readings that were judged before and wait by themselves, or were rejected: they are no new sign of trouble. */
  async knownOf(accountId: string, readings: readonly QuarantinedReading[]): Promise<number> {
    if (readings.length === 0) return 0;
    const keys = readings.map((reading) => this.contentKey(reading).toString('hex'));
    const rows = await this.database.query(
      `select id from quarantine_items where account_id = $1 and order_id = any ($2)
         and content_key = any (select decode(key, 'hex') from unnest($3::text[]) key)
         and (status = 'rejected' or (status = 'held' and pause_id is null))`,
      [accountId, readings.map(({ orderId }) => orderId), keys],
    );
    return rows.length;
  }

  /** Good forms of these orders landed. */
  async supersede(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<void> {
    await supersedeItems(tx, accountId, orderIds);
  }

  /** @returns false when somebody decided before */
  async decide(tx: Transaction, id: string, decision: { status: 'released' | 'rejected' | 'superseded'; actor: string }): Promise<boolean> {
    return decideItem(tx, id, decision);
  }

  private async recall(tx: Transaction, accountId: string, readings: readonly UnsealedReading[]): Promise<IsErased> {
    return this.ledger.recall(
      tx,
      accountId,
      readings.map(({ orderId, content }) => ({ orderId, document: content })),
    );
  }

  private async keysOf(tx: Transaction, accountId: string, readings: readonly QuarantinedReading[]): Promise<Map<string, OrderKeyRow>> {
    const rows = await orderKeys(tx, accountId, [...new Set(readings.map(({ orderId }) => orderId).filter((orderId) => orderId !== ''))]);
    return new Map(rows.map((row) => [row.orderId, row]));
  }

  private async sealReading(
    accountId: string,
    { reading, key, isErased }: { reading: UnsealedReading; key: OrderKeyRow | undefined; isErased: IsErased },
    sealer: () => Promise<AccountSealer>,
  ): Promise<SealedContent> {
    const isDestroyed = key?.hasKey === true && key.wrappedKey === null;
    const content = keptContent(reading.content, isDestroyed || isErased(reading.content));
    if (key?.wrappedKey) {
      const sealed = this.ledger.keys.sealerFor(accountId, { ...key, orderId: reading.orderId }).seal(Buffer.from(JSON.stringify([content])));
      if (sealed) return { keyId: null, sealed };
    }
    const account = await sealer();
    return { keyId: account.keyId, sealed: account.seal(content) };
  }

  private contentKey({ orderId, content }: QuarantinedReading): Buffer {
    return this.ledger.keys.keyedHash('quarantine', contentText(orderId, content));
  }
}

const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
