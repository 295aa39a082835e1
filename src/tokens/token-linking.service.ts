import { Inject, Injectable } from '@nestjs/common';
import type { TokenPair } from '../allegro/oauth-answers.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { AccountChanges } from './account-changes.service.js';
import type { Reservation } from './account-names.service.js';
import { Accounts } from './accounts.read-model.js';
import { ensureAccount, type SellerIdentity } from './accounts.store.js';
import { PairVault, tokenOwner } from './pair-vault.service.js';
import { accountMismatch, linkCancelled } from './tokens.errors.js';

export interface Link {
  readonly reservation: Reservation;
  readonly pair: TokenPair;
  readonly seller: SellerIdentity;
  readonly actor: string;
}

export interface LinkedAccount {
  readonly tokenId: string;
  readonly accountId: string;
  readonly allegroUserId: string;
  readonly login: string | null;
  /** True when the seller was linked before: orders, events and flags are there again. */
  readonly relinked: boolean;
  /** Other live tokens of the same seller in this tenant; one leads, the others stand by. */
  readonly duplicates: number;
}

/** Ends a link: the seller behind the pair decides which account the token belongs to. */
@Injectable()
export class TokenLinking {
  constructor(
    private readonly database: Database,
    private readonly changes: AccountChanges,
    private readonly accounts: Accounts,
    private readonly vault: PairVault,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /**
   * Makes the reserved token active under the seller's account.
   * @param work further writes of the same transaction; may run again
   * @throws Problem ACCOUNT_MISMATCH (409) when the name stands for another seller, LINK_CANCELLED (409) when the token was
   *   deleted meanwhile; nothing is changed then
   */
  async complete(link: Link, work: (tx: Transaction, linked: LinkedAccount) => Promise<void>): Promise<LinkedAccount> {
    const { reservation, seller } = link;
    await this.assertSameSeller(reservation, seller);
    const { tenantId, tokenId } = reservation;
    const owner = { tenantId, environment: this.config.allegro.environment };
    const accountId = await this.database.transaction(async (tx) => ensureAccount(tx, owner, seller));
    const place = await this.accounts.placeOf(tokenId, accountId);
    const linked = { tokenId, accountId, allegroUserId: seller.id, login: seller.login, relinked: place.known, duplicates: place.otherLive };
    const pair = this.vault.sealPair(tokenOwner(tokenId), link.pair);
    const reason = place.state === 'needs_reauth' ? 'relinked' : 'linked';
    const change = { accountId, tokenId, to: 'active', reason, actor: link.actor } as const;
    if (!(await this.changes.apply(change, { pair, work: (tx) => work(tx, linked) }))) throw linkCancelled();
    return linked;
  }

  /** @throws Problem ACCOUNT_MISMATCH */
  private async assertSameSeller(reservation: Reservation, seller: SellerIdentity): Promise<void> {
    if (reservation.expectedAccountId === null) return;
    const same = await this.accounts.isSeller(reservation.expectedAccountId, this.config.allegro.environment, seller.id);
    if (!same) throw accountMismatch(reservation.accountName);
  }
}
