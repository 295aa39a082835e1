import { Injectable, Logger } from '@nestjs/common';
import type { Transaction } from '../platform/database/transaction.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM } from '../platform/event-log/events.js';
import { Accounts } from './accounts.read-model.js';
import { moveLead, setTokenState, type StateExtras } from './accounts.store.js';
import { type AccountView, type ChangePlan, planTokenChange, type TokenChange } from './plan-token-change.js';
import { type AppliedChange, TokenStateListeners } from './token-state-listeners.service.js';
import { changeConflict } from './tokens.errors.js';

/** Changes of one account are rare and short; five tries outlast a burst of all its tokens at once. */
const MAX_TRIES = 5;

/** What goes with a change in its transaction. */
export interface ChangeExtras extends StateExtras {
  /** Further writes; may run again when the transaction is repeated. */
  readonly work?: (tx: Transaction, applied: AppliedChange) => Promise<void>;
}

/** Ends a transaction whose account changed since it was read. */
class StaleView extends Error {}

/** The one place that changes the state of a token: row, lead, event on the account's stream and listeners in one transaction. */
@Injectable()
export class AccountChanges {
  private readonly logger = new Logger('tokens');

  constructor(
    private readonly accounts: Accounts,
    private readonly eventLog: EventLog,
    private readonly listeners: TokenStateListeners,
  ) {}

  /**
   * Applies a change of state.
   * @returns null when the token is not where the change starts from (or moved on from what `expect` names): nothing was written
   */
  async apply(change: TokenChange, extras: ChangeExtras = {}): Promise<AppliedChange | null> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const view = await this.accounts.view(change.accountId, change.tokenId);
      const plan = view && planTokenChange(view, change, new Date());
      if (!view || !plan) return null;
      const applied = await this.tryApply(view, change, { plan, extras });
      if (applied) {
        const { accountId, tokenId, from, to, reason, leaderAfter } = applied;
        this.logger.log('a token changed its state', { accountId, tokenId, from, to, reason, leaderAfter });
        return applied;
      }
    }
    throw changeConflict();
  }

  private async tryApply(view: AccountView, change: TokenChange, planned: { plan: ChangePlan; extras: ChangeExtras }): Promise<AppliedChange | null> {
    const { plan, extras } = planned;
    const { accountId, tokenId, to, reason, actor } = change;
    const { from, leaderBefore, leaderAfter } = plan;
    const applied = { tenantId: view.tenantId, accountId, tokenId, from, to, reason, leaderBefore, leaderAfter, actor };
    const write = async (tx: Transaction): Promise<void> => {
      if (!(await setTokenState(tx, change, from, extras))) throw new StaleView();
      if (!(await moveLead(tx, { id: accountId, leadGeneration: view.leadGeneration }, leaderAfter))) throw new StaleView();
      await extras.work?.(tx, applied);
      await this.listeners.notify(tx, applied);
    };
    try {
      const announce = plan.announce ? { announce: plan.announce } : {};
      await this.eventLog.commit({ accountId, orderId: ACCOUNT_STREAM, events: plan.events, ...announce }, write);
      return applied;
    } catch (error) {
      if (error instanceof StaleView) return null;
      throw error;
    }
  }
}
