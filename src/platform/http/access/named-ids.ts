import type { JsonObject, JsonValue } from '../../../core/json.js';

/** What a request names, before anybody has validated it. */
export interface Named {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const ID_NAME = /(?:^|_)ids?$/;
/** The tenant is in the entry anyway, and the id of a buyer is a person's. */
const NO_IDS: readonly string[] = ['user_id', 'buyer_id'];
/** Ids of all kinds, numbers of invoices; no e-mail address, no text. */
const ID = /^[A-Za-z0-9][\w.:/-]{0,99}$/;
/** Bulk calls name up to 1,000 orders. */
const MOST_IN_A_LIST = 1_000;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is string | number => (typeof value === 'string' ? ID.test(value) : Number.isSafeInteger(value));

function idsIn(members: unknown): JsonObject {
  if (!isObject(members)) return {};
  return Object.fromEntries(Object.entries(members).flatMap(([name, value]) => idIn(name, value).map((id) => [name, id] as const)));
}

function idIn(name: string, value: unknown): JsonValue[] {
  if (Array.isArray(value)) return listed(name, value.slice(0, MOST_IN_A_LIST));
  return ID_NAME.test(name) && !NO_IDS.includes(name) && isId(value) ? [value] : [];
}

/** Ids in a list of ids, or in a list of changes. */
function listed(name: string, values: readonly unknown[]): JsonValue[] {
  const ids = ID_NAME.test(name) ? values.filter(isId) : values.map(rowIds).filter((row) => Object.keys(row).length > 0);
  return ids.length === 0 ? [] : [ids];
}

const rowIds = (row: unknown): JsonObject => (isObject(row) ? Object.fromEntries(Object.entries(idsIn(row)).filter(([, id]) => !Array.isArray(id))) : {});

/** The ids a request names, under their names: all of its path, and of its query and body what is called an id and looks like one. */
export function idsNamedBy({ params, query, body }: Named): JsonObject {
  return { ...idsIn(query), ...idsIn(body), ...(isObject(params) ? (params as JsonObject) : {}) };
}
