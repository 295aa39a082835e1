import { validationFailed } from '../http.errors.js';

/** Printable ASCII without blanks, as others take it too: a UUID has 36. */
const USABLE_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The key of an `Idempotency-Key` header; null without one.
 * @throws Problem VALIDATION_FAILED (422)
 */
export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && USABLE_KEY.test(header)) return header;
  throw validationFailed([{ field: 'Idempotency-Key', message: 'must be 1 to 255 printable characters without blanks' }]);
}
