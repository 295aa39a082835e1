/** The zone whose days the sums are of. */
export const SUMMED_ZONE = 'Europe/Warsaw';

const DAY_MS = 86_400_000;
const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** A span of order dates, cut where sums of whole days and months can stand for the orders themselves. Instants are ISO text, days `YYYY-MM-DD`; all ends are exclusive. */
export interface DayRange {
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  /** From here to there the days are summed; before and after it single orders are read. */
  readonly summedFrom: string;
  readonly summedTo: string;
  readonly firstDay: string;
  readonly endDay: string;
  /** The whole months among the days. */
  readonly firstMonth: string;
  readonly endMonth: string;
}

const isoOf = (time: number) => new Date(time).toISOString();
const dayText = (time: number) => isoOf(time).slice(0, DAY_LENGTH);

/** The calendar day of an instant in a zone. */
export function dayIn(zone: string, instant: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant);
}

export const daysLater = (day: string, days: number): string => dayText(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);

function offsetMs(zone: string, time: number): number {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(time);
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(time / 1_000) * 1_000;
}

/** When a day begins in a zone. */
export function dayStart(zone: string, day: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const near = midnight - offsetMs(zone, midnight);
  return new Date(midnight - offsetMs(zone, near));
}

const monthStart = (day: string) => `${day.slice(0, 'YYYY-MM'.length)}-01`;

function wholeMonths(firstDay: string, endDay: string): Pick<DayRange, 'firstMonth' | 'endMonth'> {
  const first = monthStart(firstDay) === firstDay ? firstDay : monthStart(daysLater(monthStart(firstDay), 31));
  const end = monthStart(endDay);
  return first < end ? { firstMonth: first, endMonth: end } : { firstMonth: endDay, endMonth: endDay };
}

/** The span from one instant until before another. Sums are used for whole days of their own zone alone. */
export function dayRange(from: Date, to: Date, zone = SUMMED_ZONE): DayRange {
  const day = dayIn(SUMMED_ZONE, from);
  const firstDay = dayStart(SUMMED_ZONE, day) < from ? daysLater(day, 1) : day;
  const endDay = dayIn(SUMMED_ZONE, to);
  const span = { zone, from: from.toISOString(), to: to.toISOString() };
  if (zone !== SUMMED_ZONE || firstDay >= endDay) {
    return { ...span, summedFrom: span.to, summedTo: span.to, firstDay, endDay: firstDay, firstMonth: firstDay, endMonth: firstDay };
  }
  const summed = { summedFrom: dayStart(SUMMED_ZONE, firstDay).toISOString(), summedTo: dayStart(SUMMED_ZONE, endDay).toISOString() };
  return { ...span, ...summed, firstDay, endDay, ...wholeMonths(firstDay, endDay) };
}
