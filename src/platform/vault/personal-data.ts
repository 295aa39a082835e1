import { isJsonObject, type JsonObject, type JsonValue, mapMembers } from '../../core/json.js';

/** A payload whose personal values were taken out; each left a placeholder, so that values and key order can be restored exactly. */
export interface SplitPayload {
  readonly payload: JsonObject;
  /** The values in the order of their placeholders; empty when the payload held none. */
  readonly personal: readonly JsonValue[];
}

/** What a reader sees where a buyer was erased. */
export const ERASED = '[erased]';
/** Allegro's field for the national identity number: its presence is noted, its value is never kept. */
export const NOT_STORED = '[not stored]';
const PLACEHOLDER = '$sealed';

/** Objects that are personal as a whole, wherever they stand. */
export const PERSONAL_OBJECTS = new Set(['buyer', 'address', 'naturalPerson', 'company', 'note', 'contact', 'receiver', 'recipient']);
/** Single values that are personal wherever they stand (a pickup point's address is public and stays: see {@link PUBLIC_OBJECTS}). */
export const PERSONAL_VALUES = new Set([
  'firstName', 'lastName', 'companyName', 'email', 'login', 'phone', 'phoneNumber', 'street', 'city', 'zipCode', 'postCode',
  'taxId', 'pesel', 'nip', 'messageToSeller', 'name2', 'userName', 'fullName', 'waybill',
]); // prettier-ignore
const PUBLIC_OBJECTS = new Set(['pickupPoint', 'seller', 'offer', 'method']);

const isPlaceholder = (value: JsonValue): value is JsonObject => isJsonObject(value) && PLACEHOLDER in value;
const isPublic = (key: string, value: JsonValue) => PUBLIC_OBJECTS.has(key) && !isPlaceholder(value);
const isEmpty = (value: JsonValue) => value === null || value === '';

function isPersonal(key: string, value: JsonValue): boolean {
  if (isEmpty(value)) return false;
  // A document that happens to hold our placeholder is sealed whole, or it would be read back as one of ours.
  return PERSONAL_VALUES.has(key) || isPlaceholder(value) || (PERSONAL_OBJECTS.has(key) && isJsonObject(value));
}

const isIdentityNumber = (key: string, value: JsonValue) => key === 'personalIdentity' && !isEmpty(value);

function holdsIdentityNumber(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(holdsIdentityNumber);
  if (!isJsonObject(value)) return false;
  return Object.keys(value).some((key) => isIdentityNumber(key, value[key] as JsonValue) || holdsIdentityNumber(value[key] as JsonValue));
}

function withoutIdentityNumber(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutIdentityNumber);
  if (!isJsonObject(value)) return value;
  return mapMembers(value, (key, member) => (isIdentityNumber(key, member) ? NOT_STORED : withoutIdentityNumber(member)));
}

function take(value: JsonValue, personal: JsonValue[]): JsonValue {
  if (Array.isArray(value)) return value.map((item) => (isPlaceholder(item) ? put(item, personal) : take(item, personal)));
  if (!isJsonObject(value)) return value;
  return mapMembers(value, (key, member) => {
    if (isPublic(key, member)) return member;
    return isPersonal(key, member) ? put(member, personal) : take(member, personal);
  });
}

function put(value: JsonValue, personal: JsonValue[]): JsonObject {
  personal.push(value);
  return { [PLACEHOLDER]: personal.length - 1 };
}

/** Splits what must be sealed from what may be read by anybody with the log. The input is not changed. */
export function splitPersonalData(document: JsonObject): SplitPayload {
  const personal: JsonValue[] = [];
  const stored = holdsIdentityNumber(document) ? withoutIdentityNumber(document) : document;
  const payload = isPlaceholder(stored) ? put(stored, personal) : take(stored, personal);
  return { payload: payload as JsonObject, personal };
}

/** The inverse of {@link splitPersonalData}; `personal` null means the key was destroyed and every sealed value reads {@link ERASED}. */
export function joinPersonalData(payload: JsonObject, personal: readonly JsonValue[] | null): JsonObject {
  const restore = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(restore);
    if (!isJsonObject(value)) return value;
    const index = value[PLACEHOLDER];
    if (typeof index === 'number') return personal === null ? ERASED : (personal[index] ?? null);
    return mapMembers(value, (key, member) => (isPublic(key, member) ? member : restore(member)));
  };
  return restore(payload) as JsonObject;
}
