const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, True: true, '1': true, false: false, False: false, '0': false };

/** `true|True|1` and `false|False|0`, as the contract's clients write them; anything else is not a boolean. */
export function parseBoolean(text: string): boolean | null {
  return Object.hasOwn(BOOLEANS, text) ? (BOOLEANS[text] ?? null) : null;
}

/** A whole number in plain decimal digits; nothing else that JavaScript or a database would read as one. */
export function parseInteger(text: string): number | null {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}

const INSTANT =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[Tt ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?(?<offset>[Zz]|[+ -]\d{2}:?\d{2})?)?$/;
/** An order service knows no orders before; Postgres and JavaScript agree on everything in between. */
const FIRST_YEAR = 1900;
/** The largest offset in use is +14:00. */
const MAX_OFFSET_MINUTES = 14 * 60;

function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined || text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > MAX_OFFSET_MINUTES) return null;
  return text.startsWith('-') ? -total : total;
}

/** JavaScript rolls February 30 over to March; only what comes back as it went in exists. */
function exactTime(iso: string): number | null {
  const time = new Date(iso);
  return !Number.isNaN(time.getTime()) && time.toISOString() === iso ? time.getTime() : null;
}

/** Milliseconds of the date and time as written, read as UTC; null where the calendar has no such day. */
function utcTime({ date = '', hour = '00', minute = '00', second = '00', fraction = '' }: Readonly<Partial<Record<string, string>>>): number | null {
  if (Number(date.slice(0, 4)) < FIRST_YEAR) return null;
  return exactTime(`${date}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
}

/**
 * An RFC 3339 instant, a date alone (its first moment) or a date and time without offset (then UTC).
 * A `+` of an offset arrives as a blank from clients that do not encode it, and is read as meant.
 * @returns null for anything else: February 30, the year 0, an offset of +25:00
 */
export function parseInstant(text: string): Date | null {
  const parts = INSTANT.exec(text)?.groups;
  if (!parts) return null;
  const offset = offsetMinutes(parts['offset']);
  const time = utcTime(parts);
  return offset === null || time === null ? null : new Date(time - offset * 60_000);
}
