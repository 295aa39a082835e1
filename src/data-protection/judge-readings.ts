import type { JsonObject, JsonValue } from '../core/json.js';
import { isForeignListing, type JudgedCounts } from './batch-breaker.js';
import { cancelsPaidOrder, guardForm, type GuardedForm } from './guard-form.js';
import type { HeldReason } from './held-reason.js';
import type { ProtectionSettings } from './protection-thresholds.js';
import { validateEvent } from './validate-event.js';
import { validateForm } from './validate-form.js';

/** A reading that is kept whole instead of recorded; `orderId` is '' where it names no order. */
export interface HeldReading<T> {
  readonly reading: T;
  readonly orderId: string;
  readonly reasons: readonly HeldReason[];
}

export interface JudgedReadings<T> {
  readonly accepted: readonly T[];
  readonly held: readonly HeldReading<T>[];
  readonly counts: JudgedCounts;
}

/** What is known of an account when its forms are judged. */
export interface KnownOrders {
  readonly documents: ReadonlyMap<string, JsonObject>;
  /** Orders we hold from the days a complete listing covers; null when the forms are no listing. */
  readonly expected: readonly string[] | null;
}

type FormSettings = Pick<ProtectionSettings, 'guard' | 'listing'>;

interface NamedForm<T> {
  readonly reading: T;
  readonly orderId: string;
  readonly form: JsonObject;
}

function named<T extends { readonly form: JsonValue }>(readings: readonly T[], held: HeldReading<T>[]): NamedForm<T>[] {
  return readings.flatMap((reading) => {
    const validated = validateForm(reading.form);
    if (validated.kind === 'valid') return [{ reading, orderId: validated.orderId, form: validated.form }];
    held.push({ reading, orderId: '', reasons: [validated.reason] });
    return [];
  });
}

/** Judges forms against what is held: each is accepted, or held with the reasons. */
export function judgeForms<T extends { readonly form: JsonValue }>(readings: readonly T[], known: KnownOrders, settings: FormSettings): JudgedReadings<T> {
  const held: HeldReading<T>[] = [];
  const forms = named(readings, held);
  const unknown = forms.filter(({ orderId }) => !known.documents.has(orderId));
  const listed = { unknown: unknown.length, ids: new Set(forms.map(({ orderId }) => orderId)) };
  const isForeign = known.expected !== null && isForeignListing(listed, known.expected, settings.listing);
  const judged = forms.map(({ reading, orderId, form }) => {
    const guarded = { before: known.documents.get(orderId) ?? null, form };
    return { reading, orderId, ...guarded, reasons: reasonsOf(guarded, isForeign, settings) };
  });
  const counts = {
    judged: forms.length - unknown.length,
    held: judged.filter(({ before, reasons }) => before !== null && reasons.length > 0).length,
    cancelled: judged.filter(cancelsPaidOrder).length,
    foreign: isForeign ? unknown.length : 0,
  };
  const bad = judged.filter(({ reasons }) => reasons.length > 0).map(({ reading, orderId, reasons }) => ({ reading, orderId, reasons }));
  return { accepted: judged.filter(({ reasons }) => reasons.length === 0).map(({ reading }) => reading), held: [...held, ...bad], counts };
}

function reasonsOf(guarded: GuardedForm, isForeign: boolean, settings: FormSettings): HeldReason[] {
  if (!isForeign || guarded.before) return guardForm(guarded, settings.guard);
  return [{ code: 'foreign_listing', detail: 'the list holds none of the orders known from these days' }];
}

/** Judges journal events: what cannot be placed in the journal of this seller is held. */
export function judgeEvents<T extends { readonly event: JsonValue }>(readings: readonly T[], sellerId: string | null): JudgedReadings<T> {
  const accepted: T[] = [];
  const held: HeldReading<T>[] = [];
  for (const reading of readings) {
    const validated = validateEvent(reading.event, sellerId);
    if (validated.kind === 'valid') accepted.push(reading);
    else held.push({ reading, orderId: validated.orderId, reasons: [validated.reason] });
  }
  const foreign = held.filter(({ reasons }) => reasons.some(({ code }) => code === 'foreign_seller')).length;
  return { accepted, held, counts: { judged: 0, held: 0, cancelled: 0, foreign } };
}
