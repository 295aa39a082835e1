/** An alert as far as looks decide about it. */
export interface LookedAt {
  readonly state: 'watching' | 'open';
  readonly badLooks: number;
  readonly goodLooks: number;
}

export interface Hysteresis {
  /** Bad looks in a row that open an alert. */
  readonly raiseAfter: number;
  /** Good looks in a row that close it. */
  readonly clearAfter: number;
}

export type AlertStep =
  | { readonly kind: 'nothing' }
  /** What was watched turned out well before anybody was told. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'keep'; readonly next: LookedAt }
  | { readonly kind: 'open'; readonly next: LookedAt }
  | { readonly kind: 'close' };

function afterBad(live: LookedAt | null, raiseAfter: number): AlertStep {
  const badLooks = (live?.badLooks ?? 0) + 1;
  if (live?.state === 'open') return { kind: 'keep', next: { state: 'open', badLooks, goodLooks: 0 } };
  if (badLooks >= raiseAfter) return { kind: 'open', next: { state: 'open', badLooks, goodLooks: 0 } };
  return { kind: 'keep', next: { state: 'watching', badLooks, goodLooks: 0 } };
}

/** What one more look does to an alert, so that trouble which comes and goes is told once. */
export function alertStep(live: LookedAt | null, isBad: boolean, { raiseAfter, clearAfter }: Hysteresis): AlertStep {
  if (isBad) return afterBad(live, raiseAfter);
  if (!live) return { kind: 'nothing' };
  if (live.state === 'watching') return { kind: 'forget' };
  const goodLooks = live.goodLooks + 1;
  return goodLooks >= clearAfter ? { kind: 'close' } : { kind: 'keep', next: { ...live, goodLooks } };
}
