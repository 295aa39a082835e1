import { CLOSED_CIRCUIT, type AccountCircuit } from './account-circuit.js';
import type { Share } from './call-context.js';
import { FULL_CONCURRENCY, type ConcurrencyState } from './concurrency.js';

/** One request that waits for its turn. */
export interface Waiter {
  readonly account: AccountState | null;
  readonly share: Share;
  admit(): void;
}

/** What this process knows of one account. */
export interface AccountState {
  concurrency: ConcurrencyState;
  circuit: AccountCircuit;
  running: number;
  readonly waiting: Readonly<Record<Share, Set<Waiter>>>;
}

/** Ten thousand accounts is what one process is made for; an idle account forgotten costs one careful start. */
const MOST_ACCOUNTS = 10_000;

/** Accounts by key, bounded: the longest unused idle one is forgotten first. */
export class AccountBook {
  readonly #accounts = new Map<string, AccountState>();

  constructor(private readonly mostAccounts = MOST_ACCOUNTS) {}

  account(key: string): AccountState {
    const state = this.#accounts.get(key) ?? newAccount();
    // Moved to the end: a Map keeps insertion order, so the front is the longest unused.
    this.#accounts.delete(key);
    this.#accounts.set(key, state);
    this.#forgetOne();
    return state;
  }

  get size(): number {
    return this.#accounts.size;
  }

  #forgetOne(): void {
    if (this.#accounts.size <= this.mostAccounts) return;
    for (const [key, state] of this.#accounts) {
      if (state.running > 0) continue;
      this.#accounts.delete(key);
      return;
    }
  }
}

function newAccount(): AccountState {
  const waiting = { interactive: new Set<Waiter>(), live: new Set<Waiter>(), backfill: new Set<Waiter>() };
  return { concurrency: FULL_CONCURRENCY, circuit: CLOSED_CIRCUIT, running: 0, waiting };
}
