import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import type { HeldReason } from './held-reason.js';
import { usableId } from './usable-id.js';

export type ValidatedEvent =
  { readonly kind: 'valid'; readonly event: JsonObject } | { readonly kind: 'invalid'; readonly orderId: string; readonly reason: HeldReason };

const invalid = (orderId: string, code: HeldReason['code'], detail: string): ValidatedEvent => ({ kind: 'invalid', orderId, reason: { code, detail } });

function orderIdOf(order: JsonObject): string {
  const form = order['checkoutForm'];
  return (isJsonObject(form) ? usableId(form['id']) : null)?.toLowerCase() ?? '';
}

function sellerIdOf(order: JsonObject): string | null {
  const seller = order['seller'];
  return isJsonObject(seller) ? usableId(seller['id']) : null;
}

/**
 * What a journal event needs: an id, a type (known or not) and an order of this seller; the order may name no form.
 * @param sellerId Allegro's id of the account's seller; null is not compared
 */
export function validateEvent(value: JsonValue, sellerId: string | null): ValidatedEvent {
  if (!isJsonObject(value)) return invalid('', 'not_an_object', 'the page holds something that is no event');
  const { order } = value;
  if (!isJsonObject(order)) return invalid('', 'no_order', 'the event is about no order');
  const orderId = orderIdOf(order);
  if (usableId(value['id']) === null) return invalid(orderId, 'no_usable_id', 'the event has no usable id');
  if (typeof value['type'] !== 'string' || value['type'] === '') return invalid(orderId, 'no_event_type', 'the event has no type');
  return isForeign(order, sellerId) ? invalid(orderId, 'foreign_seller', 'the event is of another seller') : { kind: 'valid', event: value };
}

function isForeign(order: JsonObject, sellerId: string | null): boolean {
  const seller = sellerIdOf(order);
  return seller !== null && sellerId !== null && seller !== sellerId;
}
