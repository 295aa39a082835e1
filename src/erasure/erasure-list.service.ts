import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { appendLine, readLines } from './erasure-list.client.js';
import { type ListEntry, listLine, readLine } from './erasure-list.js';
import { Erasures, type ListedErasure } from './erasures.read-model.js';

/** The list of erasures outside the database: what makes a restored copy forget again. */
@Injectable()
export class ErasureList {
  private readonly logger = new Logger('erasure');
  private readonly path: string | null;

  constructor(
    private readonly keys: OrderKeys,
    private readonly erasures: Erasures,
    @Inject(CONFIGURATION) config: Configuration,
  ) {
    this.path = config.erasure.listFile;
  }

  /** Appends an erasure to the list; writing it twice does no harm. @returns false when no list is kept */
  async write(erasureId: string): Promise<boolean> {
    const [erasure] = await this.erasures.listed(erasureId);
    if (this.path === null || !erasure) return false;
    await appendLine(this.path, listLine(this.entryOf(erasure), this.sign));
    return true;
  }

  /**
   * Every entry of the list. Lines cut short by a crash are told and left out: their erasures are in the database.
   * @throws when the file cannot be read or holds a line this installation did not write
   */
  async entries(): Promise<ListEntry[]> {
    if (this.path === null) return [];
    const lines = (await readLines(this.path)).map((line) => readLine(line, this.sign));
    const forged = lines.findIndex(({ kind }) => kind === 'forged');
    if (forged >= 0) throw new Error(`line ${String(forged + 1)} of ERASURE_LIST_FILE was not written with this HASH_PEPPER`);
    const torn = lines.filter(({ kind }) => kind === 'torn').length;
    if (torn > 0) this.logger.warn('lines of the erasure list were cut short', { lines: torn });
    return lines.flatMap((line) => (line.kind === 'entry' ? [line.entry] : []));
  }

  /** Whether the entry is about this account, and not about one that had its number in another database. */
  async isAbout(entry: ListEntry): Promise<boolean> {
    const seller = await this.erasures.sellerOf(entry.account);
    return seller !== null && this.sellerHash(seller) === entry.seller;
  }

  private entryOf(erasure: ListedErasure): ListEntry {
    return {
      erasure: erasure.id,
      account: erasure.accountId,
      tenant: erasure.tenantId,
      seller: this.sellerHash(erasure.seller),
      until: erasure.until.toISOString(),
      by: erasure.requestedBy,
      reason: erasure.reason,
      references: [...erasure.references],
      orders: [...erasure.orderIds],
    };
  }

  private sellerHash(seller: string): string {
    return this.keys.keyedHash('seller', seller).toString('hex');
  }

  private readonly sign = (text: string): string => this.keys.keyedHash('erasure-list', text).toString('hex');
}
