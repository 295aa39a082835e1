import type { JsonObject } from '../json.js';
import { Random } from '../random.js';
import type { Order } from '../shop/order.js';
import { personOf, type Person } from '../shop/people.js';

export function buyerPerson(order: Order): Person {
  return personOf(order.market.country, order.buyerKey);
}

/** What journal events say of a buyer. The relay's plus part differs in every order, so an e-mail is no identity. */
export function buyerReference(order: Order): JsonObject {
  const random = new Random(order.buyerKey, 'login');
  const id = String(100_000_000 + random.integer(0, 8_999_999_999));
  const mailbox = random.text(10, 'abcdefghijklmnopqrstuvwxyz0123456789');
  const login = `${random.pick(['kupujacy', 'zakupy', 'ania', 'sowa', 'klient'])}_${random.text(6, 'abcdefghjkmnpqrstuvwxyz23456789')}`;
  return {
    id,
    email: `${mailbox}+${new Random(order.key, 'relay').hex(9)}@example.com`,
    login,
    guest: order.kind.quirks?.includes('guest') ?? false,
    preferences: { language: order.market.language },
  };
}

export function buyerSection(order: Order): JsonObject {
  const person = buyerPerson(order);
  const { preferences, ...reference } = buyerReference(order);
  return {
    ...reference,
    firstName: person.firstName,
    lastName: person.lastName,
    companyName: person.company,
    personalIdentity: null,
    phoneNumber: person.phone,
    preferences: preferences ?? null,
    address: { street: person.street, city: person.city, postCode: person.zipCode, countryCode: order.market.country },
  };
}
