const SECONDS = /^\d{1,12}(?:\.\d+)?$/;
const HTTP_DATE = /^[A-Za-z]{3,9}, /;

/**
 * Reads a `Retry-After` header: whole or broken seconds, an HTTP date, else nothing.
 * @param longestSeconds a wrong `1e9` must not park anything for decades
 * @returns seconds from `now`, 0 for a date gone by, at most `longestSeconds`; null when absent or unreadable.
 */
export function parseRetryAfter(header: unknown, now: Date, longestSeconds: number): number | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const seconds = SECONDS.test(text) ? Number(text) : secondsUntil(text, now);
  if (seconds === null) return null;
  return Math.min(Math.max(0, Math.ceil(seconds)), longestSeconds);
}

/** Only the HTTP form of a date counts: `Date.parse` would read almost any rubbish as some year. */
function secondsUntil(text: string, now: Date): number | null {
  if (!HTTP_DATE.test(text)) return /^1e\d{1,3}$/i.test(text) ? Number.MAX_SAFE_INTEGER : null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : (at - now.getTime()) / 1_000;
}
