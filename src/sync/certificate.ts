/** Why an order was not simply equal: `missing` and `different` were healed by the sweep, `gone` is held by us and unknown to Allegro. */
export const FINDINGS = ['missing', 'different', 'held', 'rejected', 'announced', 'gone'] as const;
export type Finding = (typeof FINDINGS)[number];

export type FindingCounts = Readonly<Partial<Record<Finding, number>>>;

/** What a sweep came to. Orders Allegro lists, or the journal announced, are each in exactly one of the first five. */
export interface CertificateCounts {
  readonly equal: number;
  readonly healed: number;
  readonly held: number;
  readonly rejected: number;
  readonly announcedNotLanded: number;
  readonly missingAtAllegro: number;
}

export function certificateCounts(equal: number, found: FindingCounts): CertificateCounts {
  return {
    equal,
    healed: (found.missing ?? 0) + (found.different ?? 0),
    held: found.held ?? 0,
    rejected: found.rejected ?? 0,
    announcedNotLanded: found.announced ?? 0,
    missingAtAllegro: found.gone ?? 0,
  };
}

/** Whether everything Allegro has is ours now. An order that Allegro no longer knows is nothing we lack. */
export function isComplete(counts: CertificateCounts, unlistable: number): boolean {
  return counts.held + counts.rejected + counts.announcedNotLanded + unlistable === 0;
}

/** Percent with two decimals, rounded down: 100 only when nothing is lacking. An empty window is whole. */
export function completenessPercent(counts: CertificateCounts, unlistable: number): number {
  const landed = counts.equal + counts.healed;
  const whole = landed + counts.held + counts.rejected + counts.announcedNotLanded + unlistable;
  return whole === 0 ? 100 : Math.floor((landed / whole) * 10_000) / 100;
}
