import { wholeHistory, type Window } from './history-windows.js';

/** Five pages: what a crash makes a sweep read again, while halving costs few questions. */
export const MOST_FORMS_PER_SWEEP_WINDOW = 500;
/** A window that ends now means "up to the newest": by Allegro's clock that may lie ahead of ours, and live events are dated seconds back. */
const NOW_MS = 60_000;
const CLOCK_MARGIN_MS = 3_600_000;

/** The days a sweep is asked for, cut to what Allegro lists. */
export function sweptSpan(now: Date, wished: { readonly from: Date | null; readonly to: Date | null }): Window {
  const earliest = wholeHistory(now).from.getTime();
  const to = Math.min(wished.to?.getTime() ?? now.getTime(), now.getTime());
  const from = Math.min(Math.max(wished.from?.getTime() ?? 0, earliest), to);
  return { from: new Date(from), to: new Date(Math.max(from, to)) };
}

/** Until when forms are listed: a sweep up to its own start takes in what Allegro's clock dates a little later. */
export function listingEnd(to: Date, startedAt: Date): Date {
  return startedAt.getTime() - to.getTime() <= NOW_MS ? new Date(to.getTime() + CLOCK_MARGIN_MS) : to;
}

/** Share of the span that is done, 0 to 1. */
export function sweptShare(span: Window, until: Date): number {
  const whole = span.to.getTime() - span.from.getTime();
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (until.getTime() - span.from.getTime()) / whole));
}
