import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/transaction.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import type { TokenChangeReason } from '../tokens/token-state.js';
import { type AppliedChange, type TokenStateListener, TokenStateListeners } from '../tokens/token-state-listeners.service.js';
import { holdSchedules, passScheduleOn, placeOfToken, resumeSchedules } from './account-schedules.store.js';
import { waitingSync } from './requested-syncs.store.js';

/** Why a first sync is owed, by the reason a token began to work. A late answer to a refresh is no new beginning. */
const FIRST_SYNCS: Partial<Readonly<Record<TokenChangeReason, string>>> = {
  linked: 'first sync after linking',
  relinked: 'first sync after linking again',
  reactivated: 'first sync after reactivation',
};

/** What changes of tokens mean for syncs; written in the transaction of the change, so neither is there without the other. */
@Injectable()
export class TokenChanges implements TokenStateListener {
  constructor(
    private readonly tasks: Tasks,
    listeners: TokenStateListeners,
  ) {
    listeners.register(this);
  }

  async onTokenChange(tx: Transaction, change: AppliedChange): Promise<void> {
    if (change.to === 'deactivated') await passScheduleOn(tx, change, change.leaderAfter);
    const { accountWorks } = await placeOfToken(tx, change.tokenId);
    if (!accountWorks) return holdSchedules(tx, change.accountId);
    await resumeSchedules(tx, change.accountId);
    if (change.to === 'active') await this.oweFirstSync(tx, change);
  }

  /** The loop of owed work puts it into the leader's queue within a second after the commit. */
  private async oweFirstSync(tx: Transaction, change: AppliedChange): Promise<void> {
    const description = FIRST_SYNCS[change.reason];
    if (description === undefined || change.leaderAfter === null) return;
    const { tenantId, accountId, tokenId, leaderAfter } = change;
    const wish = { accountId, taskType: 'sync_incremental', params: {} } as const;
    if (await waitingSync(tx, wish)) return;
    await this.tasks.create(tx, { ...wish, tenantId, tokenId, queueKey: leaderAfter, description });
  }
}
