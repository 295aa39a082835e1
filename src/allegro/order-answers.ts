import { UUID } from '../core/uuid.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { MalformedAnswer } from './malformed-answer.errors.js';

export interface AllegroUser {
  readonly id: string;
  readonly login: string | null;
  readonly baseMarketplace: string | null;
}

export interface LatestEvent {
  readonly id: string;
  /** As Allegro wrote it. */
  readonly occurredAt: string | null;
}

export interface FormsPage {
  readonly forms: JsonValue[];
  readonly count: number;
  readonly totalCount: number;
}

/** Allegro answers 404 to an id in capitals (allegro-api#9119); ids of another shape are left alone. */
export function requestedOrderId(orderId: string): string {
  return UUID.test(orderId) ? orderId.toLowerCase() : orderId;
}

/** @throws MalformedAnswer when the user has no id: everything else may be absent. */
export function readUser(body: JsonValue): AllegroUser {
  const user = bodyObject(body);
  const id = idText(user['id']);
  if (id === null) throw new MalformedAnswer('the user has no id');
  const marketplace = user['baseMarketplace'];
  return {
    id,
    login: textOrNull(user['login']),
    baseMarketplace: isJsonObject(marketplace) ? textOrNull(marketplace['id']) : null,
  };
}

/** The events as they came, whatever they are: one that is none, or has no id, must not keep the others of its page from landing. */
export function readEvents(body: JsonValue): JsonValue[] {
  return list(bodyObject(body)['events'], 'events');
}

/** An account without events has no `latestEvent`, so an empty object is an answer here. */
export function readLatestEvent(body: JsonValue): LatestEvent | null {
  const latest = bodyObject(body)['latestEvent'];
  if (latest === undefined || latest === null) return null;
  const id = isJsonObject(latest) ? idText(latest['id']) : null;
  if (!isJsonObject(latest) || id === null) throw new MalformedAnswer('the latest event has no id');
  return { id, occurredAt: textOrNull(latest['occurredAt']) };
}

/**
 * The forms as they came, whatever they are, with counts as numbers however they were written.
 * @throws MalformedAnswer also where none of them is one: a page of nothing is no answer
 */
export function readForms(body: JsonValue): FormsPage {
  const page = bodyObject(body);
  const forms = list(page['checkoutForms'], 'checkoutForms');
  if (forms.length > 0 && !forms.some(isJsonObject)) throw new MalformedAnswer('the list of checkoutForms holds none');
  const totalCount = countOf(page['totalCount']);
  if (totalCount === null) throw new MalformedAnswer('the page has no totalCount');
  return { forms, count: countOf(page['count']) ?? forms.length, totalCount };
}

/** One form, which must be the one that was asked for: another one would be stored under a wrong order. */
export function readForm(body: JsonValue, orderId: string): JsonObject {
  if (!isJsonObject(body) || isErrorBody(body)) throw new MalformedAnswer('the answer is no order', 'order');
  const id = idText(body['id']);
  if (id === null) throw new MalformedAnswer('the order has no id', 'order');
  if (requestedOrderId(id) !== orderId) throw new MalformedAnswer('the order is another than the one asked for', 'order');
  return body;
}

/** An order has a few parcels; a list as long as this is no answer to what was asked. */
const MOST_SHIPMENTS = 200;

/** The answer about an order's parcels as it came; every entry is an object, everything in it may be absent. */
export function readShipments(body: JsonValue): JsonObject {
  const answer = bodyObject(body);
  const shipments = list(answer['shipments'], 'shipments');
  if (!shipments.every(isJsonObject)) throw new MalformedAnswer('the list of shipments holds something else');
  if (shipments.length > MOST_SHIPMENTS) throw new MalformedAnswer('the list of shipments is too long', 'order');
  return answer;
}

function bodyObject(body: JsonValue): JsonObject {
  if (!isJsonObject(body)) throw new MalformedAnswer('the answer is no JSON object');
  if (isErrorBody(body)) throw new MalformedAnswer('the answer says success and holds errors');
  return body;
}

function isErrorBody(body: JsonObject): boolean {
  return Array.isArray(body['errors']) || typeof body['error'] === 'string';
}

function list(value: JsonValue | undefined, name: string): JsonValue[] {
  if (!Array.isArray(value)) throw new MalformedAnswer(`the answer has no list of ${name}`);
  return value;
}

function idText(value: JsonValue | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return textOrNull(value);
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function countOf(value: JsonValue | undefined): number | null {
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : null;
}
