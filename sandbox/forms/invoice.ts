import type { Json, JsonObject } from '../json.js';
import { DAY_MS, instant } from '../shop/instants.js';
import type { OrderState } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import { companyOf, type Person } from '../shop/people.js';
import { buyerPerson } from './buyer.js';

const COMPANY_ID_TYPES: Readonly<Record<string, readonly string[]>> = {
  PL: ['PL_NIP'],
  CZ: ['CZ_ICO', 'CZ_DIC'],
  SK: ['SK_ICO', 'SK_IC_DPH'],
  HU: ['HU_ADOSZAM'],
};

function company(order: Order, person: Person): JsonObject {
  const types = COMPANY_ID_TYPES[order.market.country] ?? [];
  const foreign = order.kind.invoice === 'foreign-company';
  return {
    name: companyOf(order.buyerKey),
    ids: [...types, ...(foreign ? ['VAT_EU', 'OTHER'] : [])].map((type) => ({ type, value: person.taxId })),
    vatPayerStatus: foreign ? 'ACTIVE' : 'NOT_APPLICABLE',
    taxId: person.taxId,
  };
}

function address(order: Order): Json {
  const wanted = order.kind.invoice ?? 'none';
  if (wanted === 'none' || wanted === 'without-address') return null;
  const person = buyerPerson(order);
  const forCompany = wanted === 'company' || wanted === 'foreign-company';
  return {
    street: person.street,
    city: person.city,
    zipCode: person.zipCode,
    countryCode: order.market.country,
    company: forCompany ? company(order, person) : null,
    naturalPerson: forCompany ? null : { firstName: person.firstName, lastName: person.lastName },
  };
}

/** `required: false` does not mean there is no address, nor `true` that there is one (allegro-api#4326). */
export function invoiceSection(order: Order, state: OrderState): JsonObject {
  const wanted = order.kind.invoice ?? 'none';
  const required = state.fills > 0 && wanted !== 'none' && wanted !== 'unwanted';
  const dueAtMs = order.kind.payment === 'term' ? state.readyAtMs : null;
  return {
    required,
    address: state.fills === 0 ? null : address(order),
    dueDate: dueAtMs === null ? null : instant(dueAtMs + 30 * DAY_MS).slice(0, 10),
    features: wanted === 'foreign-company' ? ['VAT_EU_VERIFIED'] : null,
  };
}
