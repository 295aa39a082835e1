import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import { Erasing } from './erasing.service.js';
import { ErasureList } from './erasure-list.service.js';
import { type Erasure, Erasures } from './erasures.read-model.js';
import { complete, noteCleaned, noteListed } from './erasures.store.js';

/** Old versions of rows still hold what was erased. Gives way to whoever holds a table; a server that does not let us says so and goes on. */
const VACUUM = `vacuum (skip_locked) orders, order_documents, order_search, order_words, quarantine_items, owed_forms, tasks, order_export_chunks,
  vault.order_keys, vault.event_keys`;

/** Cleans what was copied out of the log before its keys were destroyed; goes on where a crash stopped it. */
@Injectable()
export class ErasureCleaning {
  private readonly logger = new Logger('erasure');

  constructor(
    private readonly erasures: Erasures,
    private readonly erasing: Erasing,
    private readonly list: ErasureList,
    private readonly holders: HoldersOfCopies,
    private readonly database: Database,
  ) {}

  /** @returns the completed erasure; null when there is none of this id. @throws what a holder threw: nothing counts as done then but what was noted */
  async clean(erasureId: string, signal?: AbortSignal): Promise<Erasure | null> {
    const erasure = await this.erasures.find(erasureId);
    if (!erasure || erasure.completedAt) return erasure;
    if (await this.list.write(erasureId)) await this.database.transaction((tx) => noteListed(tx, erasureId));
    const buyer = await this.buyerOf(erasure);
    for (const holder of this.holders.holders.filter(({ name }) => !(name in erasure.cleaned))) {
      signal?.throwIfAborted();
      const copies = await holder.forget(buyer);
      await this.database.transaction((tx) => noteCleaned(tx, erasureId, holder.name, copies));
    }
    await this.database.query(VACUUM);
    await this.database.transaction((tx) => complete(tx, erasureId));
    this.logger.log('a buyer was erased', { erasure_id: erasureId, account_id: erasure.accountId, orders: erasure.orders });
    return this.erasures.find(erasureId);
  }

  private async buyerOf(erasure: Erasure): Promise<ForgottenBuyer> {
    const traits = this.erasing.openTraits(erasure.id, await this.erasures.sealedTraits(erasure.id));
    const { id: erasureId, tenantId, accountId, until } = erasure;
    return new ForgottenBuyer({ erasureId, tenantId, accountId, until, orders: await this.erasures.ordersOf(erasureId) }, traits);
  }
}
