import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { type BuyerTraits, ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { open, seal } from '../platform/vault/seal.js';
import { BuyerLookup, type FoundBuyer, type WantedBuyer } from './buyer-lookup.service.js';
import { reasonNamesBuyer } from './erasures.errors.js';
import { beginProgress, destroyKeys, type NewErasure } from './erasures.store.js';

const traitsOwner = (erasureId: string): string => `erasure:${erasureId}`;

/** Decides erasures: destroys the keys and writes down that the copies have to be cleaned, in one transaction. */
@Injectable()
export class Erasing {
  constructor(
    private readonly database: Database,
    private readonly lookup: BuyerLookup,
    private readonly tasks: Tasks,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /**
   * From its return on nothing personal of the buyer's orders can be read from the log again; the copies are cleaned by a task.
   * @returns the erasure's id
   * @throws Problem ORDER_NOT_FOUND (404), REASON_NAMES_BUYER (422)
   */
  async erase(account: AccountRef, wanted: WantedBuyer, by: { readonly actor: string; readonly reason: string }): Promise<string> {
    const { accountId, tenantId } = account;
    const found = await this.lookup.find(accountId, wanted);
    const id = randomUUID();
    const names = new ForgottenBuyer({ erasureId: id, tenantId, accountId, until: new Date(), orders: [] }, found.traits);
    if (names.isNamedIn(by.reason)) throw reasonNamesBuyer();
    const erasure = { id, accountId, tenantId, until: null, requestedBy: by.actor, reason: by.reason, orderIds: wanted.orderIds };
    await this.begin({ ...erasure, references: found.references }, found);
    return id;
  }

  /** Erases again what the list outside the database names. @returns false when the database knows the erasure */
  async eraseAgain(erasure: NewErasure): Promise<boolean> {
    const found = await this.lookup.findByReferences(erasure.accountId, erasure.references, erasure.orderIds);
    return this.begin({ ...erasure, references: found.references }, found);
  }

  /** What the buyer is recognised by in copies; nothing when those were all cleaned. */
  openTraits(erasureId: string, sealed: Buffer | null): BuyerTraits {
    if (!sealed) return { ids: [], texts: [] };
    return JSON.parse(open(this.config.masterKeys, sealed, traitsOwner(erasureId)).toString()) as BuyerTraits;
  }

  private async begin(erasure: NewErasure, { traits }: FoundBuyer): Promise<boolean> {
    const { id, tenantId, accountId } = erasure;
    const sealed = seal(this.config.masterKeys, JSON.stringify(traits), traitsOwner(id));
    const task = await this.database.transaction(async (tx) => {
      if (!(await destroyKeys(tx, erasure))) return null;
      const created = await this.tasks.create(tx, cleaningTask({ id, tenantId, accountId }));
      await beginProgress(tx, { erasureId: id, tenantId, accountId, taskId: created.id, traits: sealed });
      return created;
    });
    if (task) await this.tasks.wake(task);
    return task !== null;
  }
}

/** The owed cleaning of an erasure's copies. */
export function cleaningTask({ id, tenantId, accountId }: { id: string; tenantId: string; accountId: string }) {
  return { tenantId, accountId, queueKey: 'erasures', taskType: 'erase_buyer', params: { erasure_id: id }, description: 'erasure of a buyer' };
}
