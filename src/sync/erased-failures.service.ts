import { Injectable } from '@nestjs/common';
import { Quarantine } from '../data-protection/quarantine.service.js';
import { Database } from '../platform/database/database.js';
import type { ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import { ERASED } from '../platform/vault/personal-data.js';
import { blotErrors, dropAnswer, keptAnswers, type KeptAnswer, runErrors } from './erased-failures.store.js';

/** What failed orders and syncs remember of an erased buyer: Allegro's answers, and texts of errors. */
@Injectable()
export class ErasedFailures {
  constructor(
    private readonly quarantine: Quarantine,
    private readonly database: Database,
    holders: HoldersOfCopies,
  ) {
    holders.register({ name: 'failed_orders', forget: (buyer) => this.forgetFailures(buyer) });
    holders.register({ name: 'sync_history', forget: (buyer) => this.forgetHistory(buyer) });
  }

  private async forgetFailures(buyer: ForgottenBuyer): Promise<number> {
    const answers = await this.database.transaction((tx) => keptAnswers(tx, buyer.accountId));
    let cleaned = 0;
    for (const answer of answers) {
      const isTheirs = await this.isTheirs(buyer, answer);
      const isNamed = buyer.isNamedIn(answer.lastError) || buyer.isNamedIn(answer.triesText);
      if (!isTheirs && !isNamed) continue;
      const lastError = buyer.isNamedIn(answer.lastError) ? ERASED : answer.lastError;
      await this.database.transaction((tx) => dropAnswer(tx, answer, { lastError, dropsAnswer: isTheirs, dropsTries: buyer.isNamedIn(answer.triesText) }));
      cleaned += 1;
    }
    return cleaned;
  }

  private async isTheirs(buyer: ForgottenBuyer, { orderId, keyId, sealed, accountId }: KeptAnswer): Promise<boolean> {
    if (!sealed) return false;
    if (buyer.orderIds.includes(orderId)) return true;
    const content = await this.quarantine.open(accountId, orderId, { keyId, sealed });
    return content !== null && buyer.isIn(content);
  }

  private async forgetHistory(buyer: ForgottenBuyer): Promise<number> {
    const errors = await this.database.transaction((tx) => runErrors(tx, buyer.accountId));
    const named = errors.filter(({ text }) => buyer.isNamedIn(text));
    await this.database.transaction((tx) => blotErrors(tx, named));
    return named.length;
  }
}
