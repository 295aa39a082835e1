import type { Share } from './call-context.js';
import type { RequestStop } from './request-stop.js';

export interface Grant {
  /** 0 up to what was asked for. */
  readonly granted: number;
  /** When this window ends: unused grants end with it, refused ones may ask again. */
  readonly windowEndsInMs: number;
}

/** The stop as stored, with the store's clock, so that clocks of the processes need not agree. */
export interface StoredStop {
  readonly stop: RequestStop;
  readonly nowMs: number;
  /** Opaque; given back with `writeStop`. */
  readonly version: string;
}

/** What all processes of one client_id share: how much was sent in this window, and whether a 429 stopped everything. */
export interface BudgetStore {
  take(share: Share, count: number): Promise<Grant>;
  readStop(): Promise<StoredStop>;
  /** Compare-and-set. @returns false when somebody else wrote since `version`. */
  writeStop(version: string, stop: RequestStop): Promise<boolean>;
  close(): Promise<void>;
}

/** Injection token of the store that the configuration chose. */
export const BUDGET_STORE = Symbol('budget store');
