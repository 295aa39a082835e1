/** Tokens that end together are refreshed over at least this long: 200 sellers in 5 minutes are one call in 1.5 s. */
const SHORTEST_SPREAD_SECONDS = 300;
/** A larger fleet takes longer, at no more than this pace, a small part of Allegro's 9,000 requests a minute. */
const REFRESHES_PER_SECOND = 5;

/**
 * When each of `count` refreshes starts, in seconds from now, ascending. Evenly spread with jitter inside each slot, so that
 * neither the first second nor any other sees them all.
 * @param random answers numbers in [0, 1)
 */
export function spreadSeconds(count: number, random: () => number): number[] {
  if (count <= 1) return count === 1 ? [0] : [];
  const slot = Math.max(SHORTEST_SPREAD_SECONDS, count / REFRESHES_PER_SECOND) / (count - 1);
  // The first and the last have no jitter: the spread is never shorter than promised.
  const jitter = (index: number): number => (index === 0 || index === count - 1 ? 0 : random());
  return Array.from({ length: count }, (_, index) => (index + jitter(index)) * slot);
}
