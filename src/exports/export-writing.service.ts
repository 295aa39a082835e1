import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { type ExportedOrder, OrdersForExport } from '../orders/orders-for-export.read-model.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { ErasureLedger } from '../platform/erasure/erasure-ledger.js';
import { ERASED } from '../platform/vault/personal-data.js';
import type { ExportFile, Place } from './export-file.js';
import { ExportParts } from './export-parts.service.js';
import { addPiece, advance, chooseMembers, finish } from './exports.store.js';
import { countOf, idsAt } from './member-ids.js';
import { renditionOf } from './rendition.js';

/** About half a megabyte of documents: milliseconds to parse, and little to do again after a crash. */
const ORDERS_PER_PIECE = 100;
/** Long enough for a download after a weekend. */
export const KEPT_DAYS = 7;

/** The export was deleted, erased, or is written by somebody else: this run has nothing to do any more. */
export class ExportTaken extends Error {}

/** An order is being erased, and its document not cleaned yet. */
export class ErasureUnderWay extends Error {}

interface Begun {
  readonly file: ExportFile;
  readonly ids: Buffer;
}

/** Writes export files piece by piece; whoever goes on begins behind the last piece. */
@Injectable()
export class ExportWriting {
  constructor(
    private readonly orders: OrdersForExport,
    private readonly parts: ExportParts,
    private readonly ledger: ErasureLedger,
    private readonly database: Database,
  ) {}

  /**
   * @param progress told of each piece, 0 to 1; throws to stop
   * @throws ExportTaken, ErasureUnderWay
   */
  async write(exportId: string, progress: (fraction: number) => Promise<void>): Promise<void> {
    const file = await this.parts.files.find(null, exportId);
    if (!file || file.state === 'erased') throw new ExportTaken();
    if (file.finishedAt) return;
    const ids = await this.membersOf(file);
    const sha256 = await this.writeRest({ file, ids }, progress);
    if (!(await this.database.transaction((tx) => finish(tx, exportId, { sha256, keptDays: KEPT_DAYS })))) throw new ExportTaken();
  }

  /** @returns the hash of the whole file, of what was there before too */
  private async writeRest(begun: Begun, progress: (fraction: number) => Promise<void>): Promise<Buffer> {
    const { file, ids } = begun;
    const total = countOf(ids);
    const hash = createHash('sha256');
    for await (const bytes of this.parts.vault.bytes(file.id, 0, file.bytes)) hash.update(bytes);
    let place: Place = file;
    // A file without orders has one piece: what stands before and behind them.
    while (place.ordersDone < total || (total === 0 && place.bytes === 0)) {
      const { next, plain } = await this.writePiece(begun, place);
      hash.update(plain);
      if (next.ordersDone === total) break;
      place = next;
      await progress(place.ordersDone / total);
    }
    return hash.digest();
  }

  private async membersOf({ id, accountId, filters }: ExportFile): Promise<Buffer> {
    const known = await this.parts.files.members(id);
    if (known) return known;
    const { ids, takenAt } = await this.orders.members(accountId, filters);
    const chosen = await this.database.transaction((tx) => chooseMembers(tx, id, { ids, takenAt, total: countOf(ids) }));
    if (!chosen) throw new ExportTaken();
    return ids;
  }

  private async writePiece({ file, ids }: Begun, from: Place): Promise<{ next: Place; plain: Buffer }> {
    const total = countOf(ids);
    const orders = await this.orders.read(idsAt(ids, from.ordersDone, from.ordersDone + ORDERS_PER_PIECE), file.tokenId);
    const ordersDone = from.ordersDone + orders.length;
    const rendition = renditionOf(file.format, file.options);
    const texts = orders.map(({ json }, index) => rendition.order(json, from.ordersDone + index));
    const plain = Buffer.from(`${from.ordersDone === 0 ? rendition.head : ''}${texts.join('')}${ordersDone === total ? rendition.foot(total) : ''}`);
    const piece = await this.parts.vault.seal(file.id, from.bytes, plain);
    await this.database.transaction(async (tx) => {
      if (!(await advance(tx, file.id, { from, orders: orders.length, length: plain.length }))) throw new ExportTaken();
      if (plain.length > 0) await addPiece(tx, file.id, piece);
      await this.refuseErased(tx, file.accountId, orders);
    });
    return { next: { ordersDone, bytes: from.bytes + plain.length }, plain };
  }

  /** From here on an erasure waits for the piece and then finds it; of one that came before, the documents may not be cleaned yet. */
  private async refuseErased(tx: Transaction, accountId: string, orders: readonly ExportedOrder[]): Promise<void> {
    const read = orders.map(({ orderId, json }) => ({ orderId, document: JSON.parse(json) as JsonObject, isCleaned: json.includes(ERASED) }));
    const isErased = await this.ledger.recall(tx, accountId, read);
    if (read.some(({ document, isCleaned }) => !isCleaned && isErased(document))) throw new ErasureUnderWay();
  }
}
