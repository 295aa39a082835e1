/** When one form is held instead of recorded. */
export interface GuardSettings {
  /** A total that grows or shrinks by more than this factor after the purchase was paid for. */
  readonly totalJumpFactor: number;
}

/** When a whole batch is held and the account's sync of forms pauses. */
export interface BreakerSettings {
  /** Held forms (of orders we know) that are the least to speak of a pattern, and their least share. */
  readonly leastHeld: number;
  readonly heldShare: number;
  /** Paid orders cancelled at once: the least number, and their least share. */
  readonly leastCancelled: number;
  readonly cancelledShare: number;
  /** Readings that belong to another seller. */
  readonly leastForeign: number;
  /** How long small batches of one account are added up. */
  readonly windowMinutes: number;
}

/** What a listing must look like to be taken for another seller's. */
export interface ListingSettings {
  readonly leastUnknown: number;
  readonly leastExpected: number;
  /** Below this share of the orders we hold from the same days, the list is not ours. */
  readonly expectedShare: number;
}

export interface ProtectionSettings {
  readonly guard: GuardSettings;
  readonly breaker: BreakerSettings;
  readonly listing: ListingSettings;
}

export const DEFAULT_PROTECTION: ProtectionSettings = {
  // After payment a total moves by a surcharge or a returned line, never tenfold; 100 against 10,000 is a lost decimal point.
  guard: { totalJumpFactor: 10 },
  breaker: {
    // Four odd orders happen; five of which make up a fifth of what was read are a broken answer. A quiet night reads fewer.
    leastHeld: 5,
    heldShare: 0.2,
    // Buyers cancel one or two of a hundred paid orders; twenty that are half of what was read are no buyers' decision.
    leastCancelled: 20,
    cancelledShare: 0.5,
    // One may be a relinked account's leftover; three at once are somebody else's answer.
    leastForeign: 3,
    // A minute's batches of a small shop hold one or two orders: an hour makes a pattern of them and forgets yesterday's.
    windowMinutes: 60,
  },
  // Ten of each are enough that chance and merged purchases explain nothing.
  listing: { leastUnknown: 10, leastExpected: 10, expectedShare: 0.1 },
};
