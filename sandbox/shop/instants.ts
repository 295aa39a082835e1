/** ISO 8601 in UTC with three fraction digits, as most of Allegro's times. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** The same without a fraction when it is whole (`22:00:00Z`), as Allegro writes day limits. */
export function bareInstant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
