import type { AccountState, Waiter } from './account-book.js';
import { shareOf } from './budget-shares.js';
import type { Share } from './call-context.js';
import { afterAnswer, type AnswerTiming } from './concurrency.js';

/** A place among the requests under way; must be given back. */
export interface Place {
  leave(timing: AnswerTiming | null): void;
}

/** The wait was ended by its signal. */
export class WaitEnded extends Error {
  constructor() {
    super('the wait was ended');
    this.name = 'WaitEnded';
  }
}

const BY_URGENCY: readonly Share[] = ['interactive', 'live', 'backfill'];

/**
 * Admits requests of this process: few per account, in order of arrival across accounts, people before the sync before
 * history, and never more than there are connections, so that no request waits for a socket while its time runs.
 */
export class RequestGate {
  readonly #ready: Readonly<Record<Share, Set<Waiter>>> = { interactive: new Set(), live: new Set(), backfill: new Set() };
  #underWay = 0;

  constructor(private readonly connections: number) {}

  /** @throws WaitEnded when the signal fires first. */
  enter(account: AccountState | null, share: Share, signal: AbortSignal): Promise<Place> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new WaitEnded());
        return;
      }
      const onAbort = (): void => {
        this.#withdraw(waiter);
        reject(new WaitEnded());
      };
      const waiter: Waiter = {
        account,
        share,
        admit: () => {
          signal.removeEventListener('abort', onAbort);
          resolve({ leave: (timing) => this.#leave(account, timing) });
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      if (account === null) this.#ready[share].add(waiter);
      else account.waiting[share].add(waiter);
      this.#promote(account);
      this.#admit();
    });
  }

  #leave(account: AccountState | null, timing: AnswerTiming | null): void {
    this.#underWay -= 1;
    if (account !== null) {
      account.running -= 1;
      if (timing !== null) account.concurrency = afterAnswer(account.concurrency, timing);
      this.#promote(account);
    }
    this.#admit();
  }

  /** Moves an account's next requests, as many as it may have under way, into the common queue. */
  #promote(account: AccountState | null): void {
    if (account === null) return;
    for (const share of BY_URGENCY) {
      for (const waiter of account.waiting[share]) {
        if (account.running >= Math.floor(account.concurrency.limit)) return;
        account.waiting[share].delete(waiter);
        account.running += 1;
        this.#ready[share].add(waiter);
      }
    }
  }

  #admit(): void {
    for (const share of BY_URGENCY) {
      for (const waiter of this.#ready[share]) {
        if (this.#underWay >= shareOf(this.connections, share)) break;
        this.#ready[share].delete(waiter);
        this.#underWay += 1;
        waiter.admit();
      }
    }
  }

  #withdraw(waiter: Waiter): void {
    if (waiter.account === null || this.#ready[waiter.share].has(waiter)) {
      this.#ready[waiter.share].delete(waiter);
      if (waiter.account !== null) waiter.account.running -= 1;
      this.#promote(waiter.account);
      this.#admit();
    } else {
      waiter.account.waiting[waiter.share].delete(waiter);
    }
  }
}
