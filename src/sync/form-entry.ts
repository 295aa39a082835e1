import { isJsonObject, type JsonValue } from '../core/json.js';
import type { FormReading } from '../orders/record-batch.js';

/** An entry of a list of forms as fetched: nobody has looked yet whether it is a form. */
export interface FormEntry extends Omit<FormReading, 'form'> {
  readonly form: JsonValue;
}

/** The order a form is of, as we write ids; empty where it names none. */
export function orderOf(form: JsonValue): string {
  const id = isJsonObject(form) ? form['id'] : null;
  return typeof id === 'string' ? id.toLowerCase() : '';
}

/** The orders these forms are of, without what names none. */
export function ordersOf(readings: readonly FormEntry[]): string[] {
  return readings.map(({ form }) => orderOf(form)).filter((orderId) => orderId !== '');
}
