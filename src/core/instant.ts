const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/i;
/** Years a date of an order can lie in; PostgreSQL and ISO text order break outside of four digits. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 9999;

/**
 * An RFC 3339 instant; without an offset it is read as UTC, never as the machine's local time.
 * @returns null for anything else, also for a day that does not exist
 */
export function parseInstant(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const match = INSTANT.exec(value);
  if (!match || !dayExists(value)) return null;
  const instant = new Date(withOffset(value, match.groups?.['offset']).toUpperCase().replace(',', '.'));
  const year = instant.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR ? instant : null;
}

/** The engine reads a date alone as UTC, but a date and time without offset as local. */
function withOffset(value: string, offset: string | undefined): string {
  return value.length === 'YYYY-MM-DD'.length || offset !== undefined ? value : `${value}Z`;
}

/** `new Date('2026-02-30')` is 2 March: the engine rolls over what does not exist. */
function dayExists(value: string): boolean {
  const day = value.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
