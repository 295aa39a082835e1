import type { JsonObject, JsonValue } from '../core/json.js';
import type { KeptValue, MergedForms } from './merge-order.js';
import { contentDocument, type OrderContent } from './order.js';

/**
 * How the projection stores an order's content: the merged document, and beside it what is needed to go on folding.
 * The freshest form is not stored twice: `original` holds its top-level members where the document differs (null in a list: it had none).
 */
export interface OrderFold extends Omit<OrderContent, 'merged'>, Omit<MergedForms, 'form'> {
  readonly kept: readonly KeptValue[];
  readonly original: readonly (readonly [key: string, value: JsonValue] | readonly [key: string])[];
}

export interface OrderSnapshot {
  readonly document: JsonObject;
  readonly fold: OrderFold;
}

function differences(form: JsonObject, document: JsonObject): OrderFold['original'] {
  const keys = new Set([...Object.keys(form), ...Object.keys(document)]);
  const changed = [...keys].filter((key) => !isSame(form[key], document[key]));
  return changed.map((key) => (Object.hasOwn(form, key) ? ([key, form[key] ?? null] as const) : ([key] as const)));
}

/** By their text where they are not one object: what was read back from storage is equal, not identical. */
function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function originalForm(document: JsonObject, original: OrderFold['original']): JsonObject {
  const form = { ...document };
  for (const [key, value] of original) {
    if (value === undefined) Reflect.deleteProperty(form, key);
    else form[key] = value;
  }
  return form;
}

export function snapshotOf(content: OrderContent): OrderSnapshot {
  const { merged, ...times } = content;
  const { form, ...rest } = merged;
  const { document, kept } = contentDocument(content);
  return { document, fold: { ...times, ...rest, kept, original: differences(form, document) } };
}

/** The inverse of {@link snapshotOf}. */
export function contentOf({ document, fold }: OrderSnapshot): OrderContent {
  const { kept: _kept, original, version, firstSeenAt, createdAt, updatedAt, shipments, ...rest } = fold;
  const parcels = shipments === undefined ? {} : { shipments };
  return { merged: { form: originalForm(document, original), ...rest }, version, firstSeenAt, createdAt, updatedAt, ...parcels };
}
