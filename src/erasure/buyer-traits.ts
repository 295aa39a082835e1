import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import type { BuyerTraits } from '../platform/erasure/forgotten-buyer.js';
import { ERASED, NOT_STORED } from '../platform/vault/personal-data.js';

/** Where people and firms stand in forms and journal events. */
const HOLDERS = new Set(['buyer', 'address', 'naturalPerson', 'company', 'receiver', 'recipient', 'contact']);
/** Texts that name somebody by themselves. Towns, post codes and bare first names do not. */
const NAMING = ['email', 'login', 'phoneNumber', 'phone', 'companyName', 'name', 'street', 'taxId', 'value'] as const;
/** Shorter texts are found inside of other words. */
const SHORTEST_TRAIT = 5;

function textAt(holder: JsonObject, key: string): string[] {
  const value = holder[key];
  if (typeof value !== 'string' || value === ERASED || value === NOT_STORED) return [];
  return value.trim().length < SHORTEST_TRAIT ? [] : [value.trim()];
}

function fullNames(holder: JsonObject): string[] {
  const { firstName, lastName } = holder;
  if (typeof firstName !== 'string' || typeof lastName !== 'string' || firstName === '' || lastName === '') return [];
  return [`${firstName} ${lastName}`, `${lastName} ${firstName}`];
}

function ownTexts(holder: JsonObject): string[] {
  const { ids } = holder;
  const numbers = Array.isArray(ids) ? ids.filter(isJsonObject) : [];
  return [...NAMING.flatMap((key) => textAt(holder, key)), ...fullNames(holder), ...numbers.flatMap((number) => textAt(number, 'value'))];
}

function textsIn(value: JsonValue, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, key));
  if (!isJsonObject(value) || key === 'pickupPoint') return [];
  const own = HOLDERS.has(key) ? ownTexts(value) : [];
  return [...own, ...Object.entries(value).flatMap(([member, inner]) => textsIn(inner, member))];
}

/** What betrays the buyer of these forms and journal events in copies of any kind. */
export function traitsOf(documents: readonly JsonObject[], ids: readonly string[]): BuyerTraits {
  const texts = documents.flatMap((document) => [...textsIn(document, ''), ...textAt(document, 'messageToSeller')]);
  return { ids: [...new Set(ids)], texts: [...new Set(texts)] };
}
