import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { millionths } from './decimal.js';
import type { HeldReason } from './held-reason.js';
import type { GuardSettings } from './protection-thresholds.js';

/** What we hold of an order, and what arrives. */
export interface GuardedForm {
  /** The merged document; null when the order is new to us. */
  readonly before: JsonObject | null;
  readonly form: JsonObject;
}

type Rule = (before: JsonObject, form: JsonObject, settings: GuardSettings) => HeldReason | null;

const CANCELLED = 'CANCELLED';
const READY = 'READY_FOR_PROCESSING';
/** What makes a delivery address complete enough that losing it is a loss. */
const ADDRESS_PARTS = ['street', 'city', 'zipCode'] as const;
const BUYER_PARTS = ['id', 'login', 'email'] as const;

const objectAt = (form: JsonObject, key: string): JsonObject | null => (isJsonObject(form[key]) ? form[key] : null);
const filled = (value: JsonValue | undefined): boolean => typeof value === 'string' && value !== '';
const reason = (code: HeldReason['code'], detail: string): HeldReason => ({ code, detail });

function itemIds(form: JsonObject): string[] {
  const items = Array.isArray(form['lineItems']) ? form['lineItems'].filter(isJsonObject) : [];
  return items.flatMap((item) => (typeof item['id'] === 'string' ? [item['id']] : []));
}

/** A purchase is merged under a new id and cancelled by its status: while neither is so, no line leaves it. */
const lineItemsLost: Rule = (before, form) => {
  if (form['status'] === CANCELLED) return null;
  const known = itemIds(before);
  const incoming = new Set(itemIds(form));
  const lost = known.filter((id) => !incoming.has(id)).length;
  return lost === 0 ? null : reason('line_items_lost', `${String(lost)} of ${String(known.length)} line items are gone`);
};

const hasIdentity = (buyer: JsonObject | null): boolean => buyer !== null && BUYER_PARTS.some((part) => filled(buyer[part]));

const buyerLost: Rule = (before, form) => {
  if (form['status'] === CANCELLED || !hasIdentity(objectAt(before, 'buyer')) || hasIdentity(objectAt(form, 'buyer'))) return null;
  return reason('buyer_lost', 'the buyer has neither id, login nor e-mail any more');
};

const buyerChanged: Rule = (before, form) => {
  const [known, incoming] = [objectAt(before, 'buyer')?.['id'], objectAt(form, 'buyer')?.['id']];
  return filled(known) && filled(incoming) && known !== incoming ? reason('buyer_changed', 'the order is of another buyer') : null;
};

const addressOf = (form: JsonObject): JsonObject | null => objectAt(objectAt(form, 'delivery') ?? {}, 'address');
const isComplete = (address: JsonObject | null): boolean => address !== null && ADDRESS_PARTS.every((part) => filled(address[part]));

/** Only a paid order must have its address: before that, and when it is cancelled, Allegro does not show it. */
const addressLost: Rule = (before, form) => {
  if (form['status'] !== READY || !isComplete(addressOf(before)) || isComplete(addressOf(form))) return null;
  return reason('delivery_address_lost', 'the delivery address was complete and is not any more');
};

interface Total {
  readonly amount: bigint | null;
  readonly currency: JsonValue | undefined;
}

function totalOf(form: JsonObject): Total {
  const total = objectAt(objectAt(form, 'summary') ?? {}, 'totalToPay');
  return { amount: millionths(total?.['amount']), currency: total?.['currency'] };
}

/** A total that is not there is kept from before; only one that says zero is a loss. */
const totalLost: Rule = (before, form) => {
  const known = totalOf(before).amount ?? 0n;
  return form['status'] !== CANCELLED && known > 0n && totalOf(form).amount === 0n ? reason('total_lost', 'the total is zero') : null;
};

/** While the buyer still chooses delivery a total may grow many times over. */
const totalJumped: Rule = (before, form, { totalJumpFactor }) => {
  const [known, incoming] = [totalOf(before).amount ?? 0n, totalOf(form).amount ?? 0n];
  if (before['status'] !== READY || known === 0n || incoming === 0n) return null;
  const [smaller, larger] = known < incoming ? [known, incoming] : [incoming, known];
  return larger > smaller * BigInt(totalJumpFactor) ? reason('total_jumped', `the total moved by more than a factor of ${String(totalJumpFactor)}`) : null;
};

const currencyChanged: Rule = (before, form) => {
  const [known, incoming] = [totalOf(before).currency, totalOf(form).currency];
  return filled(known) && filled(incoming) && known !== incoming ? reason('currency_changed', 'the currency of the total changed') : null;
};

const RULES: readonly Rule[] = [lineItemsLost, buyerLost, buyerChanged, addressLost, totalLost, totalJumped, currencyChanged];

/** Why the form may not replace what is held; empty accepts it. A form of an order new to us regresses from nothing. */
export function guardForm({ before, form }: GuardedForm, settings: GuardSettings): HeldReason[] {
  if (!before) return [];
  return RULES.flatMap((rule) => rule(before, form, settings) ?? []);
}

/** Whether the form cancels an order that was paid: unpaid ones end by themselves, many in one night. */
export function cancelsPaidOrder({ before, form }: GuardedForm): boolean {
  return before?.['status'] === READY && form['status'] === CANCELLED;
}
