import { parseInstant } from '../core/instant.js';
import type { JsonObject } from '../core/json.js';

/** How fresh a form is. Times are ISO text in UTC with milliseconds, so they compare as text. */
export interface Stamp {
  /** Allegro's `updatedAt`, else when we read it. */
  readonly at: string;
  readonly observedAt: string;
  readonly version: number;
}

export interface ReadForm {
  readonly form: JsonObject;
  readonly observedAt: Date;
  readonly version: number;
}

export function stampOf({ form, observedAt, version }: ReadForm): Stamp {
  const observed = observedAt.toISOString();
  return { at: parseInstant(form['updatedAt'])?.toISOString() ?? observed, observedAt: observed, version };
}

/** What the seller changed (fulfilment, note) does not move `updatedAt`: only the time of reading tells which form is later. */
export function isSeenLater(one: Stamp, other: Stamp): boolean {
  if (one.observedAt !== other.observedAt) return one.observedAt > other.observedAt;
  return one.version > other.version;
}

/** Total order of forms by content. */
export function isFresher(one: Stamp, other: Stamp): boolean {
  return one.at === other.at ? isSeenLater(one, other) : one.at > other.at;
}
