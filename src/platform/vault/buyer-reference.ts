import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js';
import type { OrderKeys } from './order-keys.js';

/** What a form or a journal event calls its buyer. */
export interface NamedBuyer {
  readonly id: string | null;
  readonly email: string | null;
  readonly login: string | null;
}

type Hashing = Pick<OrderKeys, 'keyedHash'>;

const textOf = (holder: JsonObject, key: string): string | null => {
  const value = holder[key];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** The buyer of a form, or of the order a journal event tells of; null when it names none. */
export function namedBuyer(document: JsonValue | undefined): NamedBuyer | null {
  if (!isJsonObject(document)) return null;
  const { buyer } = document;
  if (!isJsonObject(buyer)) return namedBuyer(document['order']);
  const named = { id: textOf(buyer, 'id'), email: textOf(buyer, 'email'), login: textOf(buyer, 'login') };
  return (named.id ?? named.email ?? named.login) ? named : null;
}

/**
 * The keyed references by which all orders of a buyer are found, also after their keys were destroyed. The first is the one kept with an
 * order's key: a buyer without an id (a guest) is known by e-mail, else by login.
 */
export function buyerReferences(keys: Hashing, accountId: string, { id, email, login }: NamedBuyer): Buffer[] {
  const names = [id, email && `email:${email.toLowerCase()}`, login && `login:${login.toLowerCase()}`];
  return names.filter((name) => name !== null && name !== '').map((name) => keys.keyedHash('buyer', `${accountId}:${name}`));
}

/** The reference of an order whose buyer nothing tells: it was erased by its own id. */
export function orderReference(keys: Hashing, accountId: string, orderId: string): Buffer {
  return keys.keyedHash('buyer', `${accountId}:order:${orderId}`);
}
