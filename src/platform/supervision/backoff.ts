/** A failing loop still looks every half minute: an outage that ended is noticed within the promised 30 s. */
const LONGEST_PAUSE_MS = 30_000;
const SHORTEST_RETRY_MS = 100;

/**
 * The pause before the next turn in milliseconds: the interval itself after a success, doubled for each failure in a row.
 * @param failures failed turns in a row
 */
export function pauseAfter(intervalMs: number, failures: number): number {
  if (failures === 0) return intervalMs;
  const grown = Math.max(intervalMs, SHORTEST_RETRY_MS) * 2 ** Math.min(failures - 1, 16);
  return Math.max(intervalMs, Math.min(grown, LONGEST_PAUSE_MS));
}
