import { billionths, decimalText } from '../core/exact-decimal.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { columnText, decimalOf } from './order-row.js';

/** What an order sold of one offer in one currency; the amount is an exact decimal, after discounts. */
export type SoldOffer = readonly [offerId: string, currency: string, quantity: number, amount: string];

export interface SoldOffers {
  readonly offers: readonly SoldOffer[];
  readonly names: readonly (readonly [offerId: string, name: string])[];
}

/** Allegro's ids have eleven digits; longer texts are no ids, and an index could not hold them. */
const LONGEST_ID = 100;
/** Allegro's titles have 75 characters. */
const LONGEST_NAME = 300;
/** More pieces than any line has; what is no such number counts as none. */
const MOST_PIECES = 1_000_000_000;

interface Line {
  readonly offerId: string;
  readonly name: string | null;
  readonly currency: string;
  readonly quantity: number;
  readonly amount: bigint;
}

const memberOf = (holder: JsonValue | undefined, key: string): JsonValue | undefined => (isJsonObject(holder) ? holder[key] : undefined);

function piecesOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_PIECES ? value : 0;
}

function lineOf(item: JsonValue): Line | null {
  const offer = memberOf(item, 'offer');
  const offerId = columnText(memberOf(offer, 'id'));
  if (offerId === null || offerId.length > LONGEST_ID) return null;
  const price = memberOf(item, 'price');
  const [amount, currency] = [decimalOf(memberOf(price, 'amount')), columnText(memberOf(price, 'currency'))];
  const quantity = piecesOf(memberOf(item, 'quantity'));
  const name = columnText(memberOf(offer, 'name'))?.slice(0, LONGEST_NAME).toWellFormed() ?? null;
  if (amount === null || currency === null) return { offerId, name, currency: '', quantity, amount: 0n };
  return { offerId, name, currency: currency.slice(0, LONGEST_ID).toWellFormed(), quantity, amount: billionths(amount) * BigInt(quantity) };
}

function sumOf(lines: readonly Line[]): SoldOffer | null {
  const [first] = lines;
  if (!first) return null;
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
  return [first.offerId, first.currency, quantity, decimalText(lines.reduce((sum, line) => sum + line.amount, 0n))];
}

/** The offers of an order's line items, each offer once for each currency; a line without a price counts its pieces only. */
export function soldOffers(document: JsonObject): SoldOffers {
  const items = document['lineItems'];
  const lines = (Array.isArray(items) ? items : []).map(lineOf).filter((line) => line !== null);
  const groups = Map.groupBy(lines, ({ offerId, currency }) => JSON.stringify([offerId, currency]));
  const names = new Map(lines.flatMap(({ offerId, name }) => (name === null ? [] : [[offerId, name] as const])));
  return {
    offers: [...groups.keys()]
      .sort()
      .map((key) => sumOf(groups.get(key) ?? []))
      .filter((sold) => sold !== null),
    names: [...names],
  };
}
