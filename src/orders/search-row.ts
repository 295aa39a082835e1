import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { ERASED, NOT_STORED } from '../platform/vault/personal-data.js';
import { compactNumber, foldText } from './fold-text.js';

/** What an order is found by, folded. Null or empty where the document holds nothing readable: an erased buyer leaves nothing here. */
interface SearchRow {
  readonly search_email: string | null;
  readonly search_login: string | null;
  /** Each name after a space, so that the beginning of a word is found as ` word`. */
  readonly search_names: string;
  /** External ids, phone and tax numbers, parcels: found whole. */
  readonly search_codes: string[];
  /** All of it and the names of the offers: found by a part, or by something alike. */
  readonly search_text: string;
}

/** An order of hundreds of lines repeats its offers; the index stays small. Long enough for thirty offers' names. */
const LONGEST_TEXT = 2_000;
const LONGEST_CODE = 64;

const UNREADABLE = new Set<unknown>([ERASED, NOT_STORED]);
const member = (value: JsonValue | undefined, key: string): JsonValue | undefined => (isJsonObject(value) ? value[key] : undefined);
const items = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

function folded(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' || UNREADABLE.has(value)) return null;
  const text = foldText(value);
  return text === '' ? null : text;
}

function named(holder: JsonValue | undefined, keys: readonly string[]): string[] {
  return keys.map((key) => folded(member(holder, key))).filter((text) => text !== null);
}

function namesOf(document: JsonObject): string[] {
  const delivery = member(member(document, 'delivery'), 'address');
  const invoice = member(member(document, 'invoice'), 'address');
  const people = [document['buyer'], delivery, member(invoice, 'naturalPerson')];
  const names = people.flatMap((person) => [named(person, ['firstName', 'lastName']).join(' '), ...named(person, ['companyName'])]);
  return [...new Set([...names, ...named(member(invoice, 'company'), ['name'])])].filter((name) => name !== '');
}

/** A number without its punctuation, anything else as written; a number with letters before it both ways. */
function codesIn(value: JsonValue | undefined): string[] {
  const text = folded(value);
  if (text === null || text.length > LONGEST_CODE) return [];
  const number = compactNumber(text);
  if (number === null) return [text];
  return /^\p{L}/u.test(text) ? [text, number] : [number];
}

/** The numbers of the order's parcels. */
function waybillsOf(document: JsonObject): (JsonValue | undefined)[] {
  return items(document['shipments']).map((parcel) => member(parcel, 'waybill'));
}

function codesOf(document: JsonObject): string[] {
  const delivery = document['delivery'];
  const company = member(member(document['invoice'], 'address'), 'company');
  const numbers = [
    member(document['buyer'], 'phoneNumber'),
    member(member(delivery, 'address'), 'phoneNumber'),
    member(company, 'taxId'),
    ...items(member(company, 'ids')).map((id) => member(id, 'value')),
    ...items(document['lineItems']).map((line) => member(member(member(line, 'offer'), 'external'), 'id')),
    ...waybillsOf(document),
  ];
  return [...new Set(numbers.flatMap(codesIn))];
}

const offersOf = (document: JsonObject) => items(document['lineItems']).flatMap((line) => named(member(line, 'offer'), ['name']));

/** Characters of an order's id in the searched text: its first group, enough to tell orders apart. The whole id is looked up in the log's own index. */
export const ID_HEAD = 8;

/** The searched row of an order, from its document as last known. */
export function searchRow(orderId: string, document: JsonObject): SearchRow {
  const email = folded(member(document['buyer'], 'email'));
  const login = folded(member(document['buyer'], 'login'));
  const names = namesOf(document);
  const codes = codesOf(document);
  const parts = [foldText(orderId).slice(0, ID_HEAD), ...names, login, email, ...codes, ...offersOf(document)];
  const text = [...new Set(parts)]
    .filter((part) => part !== null)
    .join(' ')
    .slice(0, LONGEST_TEXT);
  return {
    search_email: email,
    search_login: login,
    search_names: names.map((name) => ` ${name}`).join(''),
    search_codes: codes,
    search_text: text.toWellFormed(),
  };
}
