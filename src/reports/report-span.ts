import { parseInstant } from '../core/instant.js';

/** A parameter that cannot be understood, by its name. */
export interface SpanError {
  readonly field: 'from' | 'to';
  readonly message: string;
}

export type Span = { readonly kind: 'span'; readonly from: Date; readonly to: Date } | { readonly kind: 'refused'; readonly error: SpanError };

/** The days of a calendar, which a span is named in. */
export interface Calendar {
  dayOf(instant: Date): string;
  startOf(day: string): Date;
  later(day: string, days: number): string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** What a report shows that is asked for nothing else, as the statistics do. */
const USUAL_DAYS = 30;
/** Ten years and their leap days: Allegro itself answers orders of one year. */
const MOST_DAYS = 3_653;

const refused = (field: SpanError['field'], message: string): Span => ({ kind: 'refused', error: { field, message } });

/** An instant without an offset would be read as UTC where days are read as Warsaw's: refused, because nobody means that. */
const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** Its last day has no day after it of four digits. */
const NO_YEAR = '9999';

function instantOf(text: string, calendar: Calendar, daysAfter: number): Date | null {
  const instant = parseInstant(text);
  if (!instant || text.startsWith(NO_YEAR)) return null;
  if (DAY.test(text)) return calendar.startOf(calendar.later(text, daysAfter));
  return OFFSET.test(text) ? instant : null;
}

const UNREADABLE = 'must be a day before the year 9999 such as 2026-03-01, or an instant with its offset such as 2026-03-01T12:00:00+01:00';

function ends(from: Date, to: Date): Span {
  if (from >= to) return refused('from', 'must be before the end of to');
  if (to.getTime() - from.getTime() > MOST_DAYS * DAY_MS) return refused('from', `must not be more than ${String(MOST_DAYS)} days before to`);
  return { kind: 'span', from, to };
}

/** The span of `from` and `to`, both of which may be absent: the last thirty days until today. A day as `to` counts wholly. */
export function spanOf({ from, to }: { readonly from?: string; readonly to?: string }, calendar: Calendar, now: Date): Span {
  const end = to === undefined ? calendar.startOf(calendar.later(calendar.dayOf(now), 1)) : instantOf(to, calendar, 1);
  if (!end) return refused('to', UNREADABLE);
  if (from === undefined) return ends(calendar.startOf(calendar.later(calendar.dayOf(new Date(end.getTime() - 1)), 1 - USUAL_DAYS)), end);
  const start = instantOf(from, calendar, 0);
  return start ? ends(start, end) : refused('from', UNREADABLE);
}
