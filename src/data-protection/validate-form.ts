import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import type { HeldReason } from './held-reason.js';
import { usableId } from './usable-id.js';

export type ValidatedForm =
  { readonly kind: 'valid'; readonly orderId: string; readonly form: JsonObject } | { readonly kind: 'invalid'; readonly reason: HeldReason };

/**
 * What a form needs is an id, and nothing else: real forms carry null in thirty places, amounts as text or numbers, and statuses
 * nobody has documented yet. All of that is kept as it came.
 */
export function validateForm(value: JsonValue): ValidatedForm {
  if (!isJsonObject(value)) return { kind: 'invalid', reason: { code: 'not_an_object', detail: 'the page holds something that is no form' } };
  const id = value['id'];
  const orderId = typeof id === 'string' ? usableId(id) : null;
  if (orderId === null) return { kind: 'invalid', reason: { code: 'no_usable_id', detail: 'the form has no usable id' } };
  return { kind: 'valid', orderId: orderId.toLowerCase(), form: value };
}
