import type { JsonValue } from '../core/json.js';

/** Allegro's ids are UUIDs and numbers, but not all of them: anything printable without spaces. Longer is no id. */
const USABLE_ID = /^[\x21-\x7e]{1,100}$/;

/** An id as text; null when the value is none. Numbers are ids too: Allegro wrote event ids both ways. */
export function usableId(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && USABLE_ID.test(text) ? text : null;
}
