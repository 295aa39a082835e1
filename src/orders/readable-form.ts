import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { joinPersonalData, NOT_STORED, splitPersonalData } from '../platform/vault/personal-data.js';

/** A form on its way into the log, and the keyed hashes by which the same form is recognised. */
export interface ReadableForm {
  /** The form as the log will give it back (national identity numbers noted, not kept; `isErased`: after its order's key was destroyed). */
  stored(isErased: boolean): JsonObject;
  /** Keyed hash of the non-personal part, then of the personal part. */
  readonly hash: Buffer;
}

const HALF_BYTES = 32;

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const members = Object.keys(value).sort();
  return Object.fromEntries(members.map((key) => [key, sorted(value[key] as JsonValue)]));
}

/**
 * Reads a form once for comparing and storing. Keys are sorted before the split, so that the list and the single form,
 * should Allegro write their keys in different order, hash alike.
 * @param keyedHash HMAC of a text; bound to the order by the caller
 */
export function readableForm(form: JsonObject, keyedHash: (text: string) => Buffer): ReadableForm {
  const compared = splitPersonalData(sorted(form) as JsonObject);
  const parts = [JSON.stringify(compared.payload), JSON.stringify(compared.personal)];
  const isVerbatim = !parts.some((part) => part.includes(NOT_STORED));
  const hash = Buffer.concat(parts.map(keyedHash));
  const stored = (isErased: boolean) => {
    if (isVerbatim && !isErased) return form;
    const { payload, personal } = splitPersonalData(form);
    return joinPersonalData(payload, isErased ? null : personal);
  };
  return { stored, hash };
}

/** Whether two forms are the same; of an erased order only the part that is not personal is compared, or each sweep would append it again. */
export function isSameContent(known: Buffer | null, hash: Buffer, isErased: boolean): boolean {
  if (!known) return false;
  return isErased ? known.subarray(0, HALF_BYTES).equals(hash.subarray(0, HALF_BYTES)) : known.equals(hash);
}

/** What may be kept of a hash once the order was erased: the personal half becomes zeros. */
export function erasedHash(hash: Buffer): Buffer {
  return Buffer.concat([hash.subarray(0, HALF_BYTES), Buffer.alloc(HALF_BYTES)]);
}
