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

interface NewRetentionRule extends Omit<RetentionRule, 'days'> {
  /** A function where operators may change it: asked at each turn. */
  readonly days: number | (() => number);
}

/** The registered rules. There is none for the log of events, and the database would refuse one. */
@Injectable()
export class RetentionRules {
  private readonly registered: RetentionRule[] = [];

  register({ name, days, remove }: NewRetentionRule): void {
    if (this.registered.some((rule) => rule.name === name)) throw new Error(`The retention rule '${name}' is registered twice.`);
    const daysNow = typeof days === 'number' ? () => days : days;
    this.registered.push({
      name,
      remove,
      get days() {
        return daysNow();
      },
    });
  }

  get all(): readonly RetentionRule[] {
    return this.registered;
  }
}
