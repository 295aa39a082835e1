import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { ErasureCleaning } from './erasure-cleaning.service.js';
import type { ListEntry } from './erasure-list.js';
import { ErasureList } from './erasure-list.service.js';
import { Erasing } from './erasing.service.js';
import { Erasures } from './erasures.read-model.js';

/** Compares the list outside the database with the database at start: an older copy forgets again before it answers anybody. */
@Injectable()
export class ErasureRestoration implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('erasure');
  private readonly again: string[] = [];

  constructor(
    private readonly list: ErasureList,
    private readonly erasures: Erasures,
    private readonly erasing: Erasing,
    private readonly cleaning: ErasureCleaning,
  ) {}

  /** Keys first, before anything of the service runs: a sync that comes next must not store the buyer again. */
  async onModuleInit(): Promise<void> {
    const entries = await this.list.entries();
    if (entries.length === 0) return;
    const known = await this.erasures.knownIds();
    const missing = new Map(entries.filter(({ erasure }) => !known.has(erasure)).map((entry) => [entry.erasure, entry]));
    for (const entry of missing.values()) await this.eraseAgain(entry);
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const erasureId of this.again) await this.cleaning.clean(erasureId);
    if (this.again.length > 0) this.logger.warn('buyers were erased again: the database was older than the erasure list', { erasures: this.again.length });
    await this.completeList();
  }

  private async eraseAgain(entry: ListEntry): Promise<void> {
    if (!(await this.list.isAbout(entry))) {
      this.logger.warn('an entry of the erasure list is about an account this database does not have', { erasure_id: entry.erasure });
      return;
    }
    const isNew = await this.erasing.eraseAgain({
      id: entry.erasure,
      accountId: entry.account,
      tenantId: entry.tenant,
      until: new Date(entry.until),
      requestedBy: entry.by,
      reason: entry.reason,
      references: entry.references.map((reference) => Buffer.from(reference, 'hex')),
      orderIds: entry.orders,
    });
    if (isNew) this.again.push(entry.erasure);
  }

  /** A list that is new, or was lost, is written from the database. */
  private async completeList(): Promise<void> {
    const listed = new Set((await this.list.entries()).map(({ erasure }) => erasure));
    for (const id of await this.erasures.knownIds()) if (!listed.has(id)) await this.list.write(id);
  }
}
