import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { reservationStep } from './name-reservation.js';
import { accountLastNamed, type HolderRow, insertLinking, lockNameHolder, releaseName, RESERVATION_SECONDS, holdName } from './names.store.js';
import { accountNameTaken, linkInProgress } from './tokens.errors.js';

/** A name held for a link. */
export interface Reservation {
  readonly tokenId: string;
  readonly accountName: string;
  readonly tenantId: string;
  /** The account the consent must belong to; null when the name is new to this tenant. */
  readonly expectedAccountId: string | null;
}

/** Names of a tenant's accounts: unique among live tokens, decided before Allegro is asked anything. */
@Injectable()
export class AccountNames {
  constructor(
    private readonly database: Database,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /**
   * Holds a name for a minute: with a new row, or with the row of the token that asks for consent again.
   * @throws Problem ACCOUNT_NAME_TAKEN (409) or LINK_IN_PROGRESS (409)
   */
  async reserve(tenantId: string, accountName: string): Promise<Reservation> {
    return this.database.transaction(async (tx) => {
      const holder = await lockNameHolder(tx, tenantId, accountName);
      const step = reservationStep(holder);
      if (step === 'refuse_taken') throw accountNameTaken(accountName);
      if (step === 'refuse_in_progress') throw linkInProgress(accountName);
      if (step === 'reconnect' && holder) return this.reconnect(tx, holder, { tenantId, accountName });
      if (holder) await releaseName(tx, holder.id);
      return this.create(tx, { tenantId, accountName });
    });
  }

  /** Holds a reserved name for as long as the seller may give consent. */
  async hold(tx: Transaction, tokenId: string, seconds: number): Promise<void> {
    await holdName(tx, tokenId, seconds);
  }

  /** Gives the name back; the row of a token that needs a new consent stays as it was. */
  async release(tx: Transaction, tokenId: string): Promise<void> {
    await releaseName(tx, tokenId);
  }

  private async reconnect(tx: Transaction, holder: HolderRow, name: { tenantId: string; accountName: string }): Promise<Reservation> {
    await holdName(tx, holder.id, RESERVATION_SECONDS);
    return { ...name, tokenId: holder.id, expectedAccountId: holder.accountId };
  }

  private async create(tx: Transaction, name: { tenantId: string; accountName: string }): Promise<Reservation> {
    const environment = this.config.allegro.environment;
    const expectedAccountId = await accountLastNamed(tx, { tenantId: name.tenantId, environment }, name.accountName);
    const tokenId = randomUUID();
    if (!(await insertLinking(tx, { id: tokenId, environment, ...name }))) throw linkInProgress(name.accountName);
    return { ...name, tokenId, expectedAccountId };
  }
}
