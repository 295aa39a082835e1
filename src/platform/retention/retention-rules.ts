import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/transaction.js';

/** How a feature lets rows go that are over and done with. */
export interface RetentionRule {
  /** Label of the metric and of the log line. */
  readonly name: string;
  /** Rows that ended this many days ago may go. */
  readonly days: number;
  /**
   * Deletes up to `limit` rows that ended more than `days` ago; never one that is open, owed or still referred to.
   * @returns how many rows went; fewer than `limit` says that none are left for now
   */
  remove(tx: Transaction, batch: { readonly days: number; readonly limit: number }): Promise<number>;
}

/** The registered rules. There is none for the log of events, and the database would refuse one. */
@Injectable()
export class RetentionRules {
  private readonly registered: RetentionRule[] = [];

  register(rule: RetentionRule): void {
    if (this.registered.some(({ name }) => name === rule.name)) throw new Error(`The retention rule '${rule.name}' is registered twice.`);
    this.registered.push(rule);
  }

  get all(): readonly RetentionRule[] {
    return this.registered;
  }
}
