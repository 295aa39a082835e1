/** Who waits for the answer: a person (interactive), the incremental sync (live), history and sweeps (backfill). */
export type Share = 'interactive' | 'live' | 'backfill';

/** Which part of Allegro is asked; each has a circuit breaker of its own. */
export type Purpose = 'orders' | 'shipments' | 'events' | 'me' | 'oauth';

/** Said with every call: whose call it is, how urgent it is, and how to stop it. */
export interface CallContext {
  /** Stable key of the seller's account; requests of one key never run more than a few at a time. */
  readonly accountKey: string;
  readonly share: Share;
  /** Ends waiting and the request at once; the call then fails with kind `cancelled`. */
  readonly signal?: AbortSignal;
}

/** An answer with what is needed to find it again at Allegro and to order observations. */
export interface Answered<T> {
  readonly value: T;
  readonly traceId: string | null;
  /** When the headers of the answer arrived. */
  readonly observedAt: Date;
}
