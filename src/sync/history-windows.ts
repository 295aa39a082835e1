import { isJsonObject, type JsonValue } from '../core/json.js';

/** A closed span of time, both ends inclusive. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** Forms a request of the list may answer. */
export const FORMS_PER_PAGE = 100;
/** Allegro refuses offset + limit above this, so a window must hold no more. */
export const MOST_FORMS_PER_WINDOW = 10_000;
/** How far back Allegro lists orders: "approximately 360 days". */
export const HISTORY_DAYS = 360;

const DAY_MS = 86_400_000;
/** Our clock may run behind Allegro's: a window that ended at our now would miss its newest orders. */
const CLOCK_MARGIN_MS = 3_600_000;

/** All that Allegro still lists. */
export function wholeHistory(now: Date): Window {
  return { from: new Date(now.getTime() - HISTORY_DAYS * DAY_MS), to: new Date(now.getTime() + CLOCK_MARGIN_MS) };
}

/**
 * The window to read next and those after it, oldest first: one that holds too many forms is halved.
 * A window of one millisecond is never halved; what it holds beyond the limit cannot be listed.
 */
export function halve(window: Window): [Window, Window] | null {
  const middle = Math.floor((window.from.getTime() + window.to.getTime()) / 2);
  if (middle <= window.from.getTime()) return null;
  return [
    { from: window.from, to: new Date(middle) },
    { from: new Date(middle + 1), to: window.to },
  ];
}

/** Offsets of the pages of a window behind the first one. */
export function furtherOffsets(totalCount: number): number[] {
  const pages = Math.ceil(Math.min(totalCount, MOST_FORMS_PER_WINDOW) / FORMS_PER_PAGE);
  return Array.from({ length: Math.max(0, pages - 1) }, (_, index) => (index + 1) * FORMS_PER_PAGE);
}

/** Whether a form bought at `boughtAt` may be in the window's answer. Allegro has ignored date filters for hours before. */
export function belongsTo(window: Window, boughtAt: Date | null): boolean {
  return boughtAt === null || (boughtAt >= window.from && boughtAt <= window.to);
}

/** The purchase Allegro's date filter goes by: the latest line item's. Null for a form without one. */
export function boughtAt(form: JsonValue): Date | null {
  const items = isJsonObject(form) && Array.isArray(form.lineItems) ? form.lineItems.filter(isJsonObject) : [];
  const times = items.map((item) => Date.parse(typeof item.boughtAt === 'string' ? item.boughtAt : '')).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? null : new Date(Math.max(...times));
}
