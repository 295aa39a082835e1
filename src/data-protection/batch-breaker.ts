import type { HeldReason } from './held-reason.js';
import type { BreakerSettings, ListingSettings } from './protection-thresholds.js';

/** What judging some readings came to. */
export interface JudgedCounts {
  /** Forms of orders we hold a document of: only those can regress. */
  readonly judged: number;
  /** Of those, held for the first time. */
  readonly held: number;
  /** Of those, cancelling a paid order. */
  readonly cancelled: number;
  /** Readings that belong to another seller. */
  readonly foreign: number;
}

export const NOTHING_JUDGED: JudgedCounts = { judged: 0, held: 0, cancelled: 0, foreign: 0 };

export type BreakerVerdict = { readonly kind: 'go_on' } | { readonly kind: 'trip'; readonly causes: readonly HeldReason[] };

export function addCounts(one: JudgedCounts, other: JudgedCounts): JudgedCounts {
  return { judged: one.judged + other.judged, held: one.held + other.held, cancelled: one.cancelled + other.cancelled, foreign: one.foreign + other.foreign };
}

const isPattern = (count: number, of: number, limit: { least: number; share: number }): boolean => count >= limit.least && count >= of * limit.share;

function causesOf({ judged, held, cancelled, foreign }: JudgedCounts, settings: BreakerSettings): HeldReason[] {
  const { leastHeld, heldShare, leastCancelled, cancelledShare, leastForeign } = settings;
  const causes: HeldReason[] = [];
  const cause = (detail: string) => causes.push({ code: 'breaker', detail });
  if (isPattern(held, judged, { least: leastHeld, share: heldShare })) cause(`${String(held)} of ${String(judged)} known orders lost something`);
  if (isPattern(cancelled, judged, { least: leastCancelled, share: cancelledShare }))
    cause(`${String(cancelled)} of ${String(judged)} known orders were cancelled at once`);
  if (foreign >= leastForeign) cause(`${String(foreign)} readings belong to another seller`);
  return causes;
}

/**
 * Whether a batch, by itself or together with those of the last hour, is too bad to be true.
 * @param window what the same account's batches before this one came to
 */
export function judgeBatch(batch: JudgedCounts, window: JudgedCounts, settings: BreakerSettings): BreakerVerdict {
  // A batch in which nothing is wrong never trips, whatever came before it.
  if (batch.held + batch.cancelled + batch.foreign === 0) return { kind: 'go_on' };
  const alone = causesOf(batch, settings);
  const causes = alone.length > 0 ? alone : causesOf(addCounts(batch, window), settings);
  return causes.length > 0 ? { kind: 'trip', causes } : { kind: 'go_on' };
}

/** Whether a page of a complete listing is another seller's: all strangers, and none of those we hold from the same days. */
export function isForeignListing(listed: { unknown: number; ids: ReadonlySet<string> }, expected: readonly string[], settings: ListingSettings): boolean {
  if (listed.unknown < settings.leastUnknown || expected.length < settings.leastExpected) return false;
  return expected.filter((id) => listed.ids.has(id)).length < expected.length * settings.expectedShare;
}
