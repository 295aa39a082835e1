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

/** The surest name first: an id, else an e-mail (a guest has no id), else a login. */
function namesOf({ id, email, login }: NamedBuyer): string[] {
  const names = [id, email && `email:${email.toLowerCase()}`, login && `login:${login.toLowerCase()}`];
  return names.filter((name) => name !== null);
}

const referenceOf = (keys: Hashing, accountId: string, name: string): Buffer => keys.keyedHash('buyer', `${accountId}:${name}`);

/** The keyed reference kept with an order's key: all orders of a buyer are found by it, also after the keys were destroyed. */
export function buyerReference(keys: Hashing, accountId: string, buyer: NamedBuyer | null): Buffer | null {
  const [name] = buyer ? namesOf(buyer) : [];
  return name === undefined ? null : referenceOf(keys, accountId, name);
}

/** Every reference the buyer may be kept under. */
export function buyerReferences(keys: Hashing, accountId: string, buyer: NamedBuyer): Buffer[] {
  return namesOf(buyer).map((name) => referenceOf(keys, accountId, name));
}

/** The reference of an order whose buyer nothing tells: it was erased by its own id. */
export function orderReference(keys: Hashing, accountId: string, orderId: string): Buffer {
  return referenceOf(keys, accountId, `order:${orderId}`);
}
