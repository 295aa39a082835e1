import type { JsonObject, JsonValue } from '../core/json.js';
import { contextOf, isEmptyAt, mayFill, protectedPaths, type ProtectedPath, valueAt, withValueAt } from './protected-paths.js';
import { isFresher, isSeenLater, type ReadForm, type Stamp, stampOf } from './stamp.js';

/** The freshest value a protected path ever had. */
export interface Register {
  readonly value: JsonValue;
  /** What it belongs to, see `contextOf`. */
  readonly context: JsonValue;
  readonly stamp: Stamp;
}

/** What the seller changes: by the form seen last, whatever its `updatedAt` says. */
export interface SellerSide {
  readonly stamp: Stamp;
  /** `note` and `revision` of that form, those it has. */
  readonly members: JsonObject;
  /** The last fulfilment any form had. */
  readonly fulfillment: { readonly value: JsonValue; readonly stamp: Stamp } | null;
}

/** Everything the forms read so far say; independent of their order of arrival and of repetition. */
export interface MergedForms {
  /** The freshest form, verbatim. */
  readonly form: JsonObject;
  readonly stamp: Stamp;
  /** Values of the paths at which the freshest form is empty; where it is not, it holds the freshest value itself. */
  readonly registers: Readonly<Record<string, Register>>;
  readonly seller: SellerSide;
  /** Set once a form was cancelled: a cancelled order never comes back. */
  readonly cancelled: Stamp | null;
}

/** A value of the document that its freshest form does not have, and the version of the event it was taken from. */
export interface KeptValue {
  readonly path: string;
  readonly version: number;
}

const SELLER_MEMBERS = ['note', 'revision'] as const;
const FULFILLMENT = 'fulfillment';
const CANCELLED = 'CANCELLED';

function sellerMembers(form: JsonObject): JsonObject {
  return Object.fromEntries(SELLER_MEMBERS.filter((key) => Object.hasOwn(form, key)).map((key) => [key, form[key] ?? null]));
}

function lastFulfillment(known: SellerSide['fulfillment'], form: JsonObject, stamp: Stamp): SellerSide['fulfillment'] {
  const value = form[FULFILLMENT] ?? null;
  if (value === null) return known;
  return known === null || isSeenLater(stamp, known.stamp) ? { value, stamp } : known;
}

function sellerSide(before: SellerSide | null, form: JsonObject, stamp: Stamp): SellerSide {
  const fulfillment = lastFulfillment(before?.fulfillment ?? null, form, stamp);
  if (before && !isSeenLater(stamp, before.stamp)) return { ...before, fulfillment };
  return { stamp, members: sellerMembers(form), fulfillment };
}

function cancellation(before: Stamp | null, form: JsonObject, stamp: Stamp): Stamp | null {
  if (form['status'] !== CANCELLED) return before;
  return before === null || isFresher(stamp, before) ? stamp : before;
}

function registerOf(path: ProtectedPath, source: { form: JsonObject; stamp: Stamp }): Register | null {
  const value = valueAt(source.form, path);
  if (value === undefined || isEmptyAt(source.form, path)) return null;
  return { value, context: contextOf(source.form, path), stamp: source.stamp };
}

function fresherOf(one: Register | null, other: Register | null): Register | null {
  if (!one || !other) return one ?? other;
  return isFresher(one.stamp, other.stamp) ? one : other;
}

/** The registers of the paths `winner` leaves empty, from what was known and from what `loser` says. */
function registersBeside(winner: JsonObject, known: Readonly<Record<string, Register>>, loser: { form: JsonObject; stamp: Stamp }): Record<string, Register> {
  const registers: Record<string, Register> = {};
  for (const path of protectedPaths(loser.form, Object.keys(known))) {
    if (!isEmptyAt(winner, path)) continue;
    const register = fresherOf(known[path.path] ?? null, registerOf(path, loser));
    if (register) registers[path.path] = register;
  }
  return registers;
}

/** Takes one more form in; the same form again, or an older one, changes nothing it should not. */
export function mergeForm(before: MergedForms | null, read: ReadForm): MergedForms {
  const stamp = stampOf(read);
  const { form } = read;
  const seller = sellerSide(before?.seller ?? null, form, stamp);
  const cancelled = cancellation(before?.cancelled ?? null, form, stamp);
  if (!before) return { form, stamp, registers: {}, seller, cancelled };
  if (isFresher(stamp, before.stamp)) return { form, stamp, registers: registersBeside(form, before.registers, before), seller, cancelled };
  return { ...before, registers: registersBeside(before.form, before.registers, { form, stamp }), seller, cancelled };
}

function fillEmpty(merged: MergedForms, kept: KeptValue[]): JsonObject {
  let document = merged.form;
  for (const path of protectedPaths({}, Object.keys(merged.registers))) {
    const register = merged.registers[path.path];
    if (!register || !mayFill(document, path, register.context)) continue;
    document = withValueAt(document, path, register.value);
    kept.push({ path: path.path, version: register.stamp.version });
  }
  return document;
}

function withSellerSide(document: JsonObject, { seller }: MergedForms, kept: KeptValue[]): JsonObject {
  const changed = { ...document };
  for (const key of SELLER_MEMBERS) {
    const value = seller.members[key];
    if (value === undefined) Reflect.deleteProperty(changed, key);
    else changed[key] = value;
  }
  if (!seller.fulfillment) return changed;
  changed[FULFILLMENT] = seller.fulfillment.value;
  if (seller.fulfillment.stamp.version !== seller.stamp.version) kept.push({ path: FULFILLMENT, version: seller.fulfillment.stamp.version });
  return changed;
}

/** The order as last known: the freshest form, its empty protected paths filled, and what was filled. */
export function mergedDocument(merged: MergedForms): { readonly document: JsonObject; readonly kept: KeptValue[] } {
  const kept: KeptValue[] = [];
  const document = withSellerSide(fillEmpty(merged, kept), merged, kept);
  if (!merged.cancelled || document['status'] === CANCELLED) return { document, kept };
  kept.push({ path: 'status', version: merged.cancelled.version });
  return { document: { ...document, status: CANCELLED }, kept };
}
