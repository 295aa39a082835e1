import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';

/** A place in a form whose known value null, absent or empty never erases. What stands there is atomic. */
export interface ProtectedPath {
  readonly path: string;
  readonly keys: readonly string[];
}

const at = (path: string): ProtectedPath => ({ path, keys: path.split('.') });

const PAYMENT_PREFIX = 'payment.';
export const PAYMENT_ID = at('payment.id');
export const DELIVERY_METHOD_ID = at('delivery.method.id');
const PICKUP_POINT = 'delivery.pickupPoint';
const INVOICE_ADDRESS = 'invoice.address';
const LINE_ITEMS = 'lineItems';

/** Fixed order: what others depend on (the delivery method, the payment's id) is filled before them. */
const BEFORE_PAYMENT = [
  'buyer.id', 'buyer.email', 'buyer.login', 'buyer.firstName', 'buyer.lastName', 'buyer.companyName', 'buyer.phoneNumber', 'buyer.address',
  'delivery.address', 'delivery.method', 'delivery.cost', 'delivery.time', PICKUP_POINT,
].map(at); // prettier-ignore
const AFTER_PAYMENT = [INVOICE_ADDRESS, 'summary.totalToPay', 'messageToSeller', 'marketplace.id', LINE_ITEMS].map(at);

function paymentPaths(form: JsonObject, registers: Iterable<string>): ProtectedPath[] {
  const payment = form['payment'];
  const members = new Set(isJsonObject(payment) ? Object.keys(payment) : []);
  for (const path of registers) if (path.startsWith(PAYMENT_PREFIX)) members.add(path.slice(PAYMENT_PREFIX.length));
  members.delete('id');
  return [PAYMENT_ID, ...[...members].sort().map((member) => ({ path: PAYMENT_PREFIX + member, keys: ['payment', member] }))];
}

/** Every protected path of a form, the members of its payment and of the `registers` known so far included. */
export function protectedPaths(form: JsonObject, registers: Iterable<string>): ProtectedPath[] {
  return [...BEFORE_PAYMENT, ...paymentPaths(form, registers), ...AFTER_PAYMENT];
}

export function valueAt(form: JsonObject, { keys }: ProtectedPath): JsonValue | undefined {
  let value: JsonValue | undefined = form;
  for (const key of keys) {
    if (!isJsonObject(value)) return undefined;
    value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** null, absent, '' and objects that hold nothing else; `{}` was seen for a delivery address. */
function isBlank(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return isJsonObject(value) && Object.values(value).every(isBlank);
}

/** Whether the form says nothing at this path. */
export function isEmptyAt(form: JsonObject, path: ProtectedPath): boolean {
  const value = valueAt(form, path);
  if (path.path === LINE_ITEMS) return !Array.isArray(value) || value.length === 0;
  return isBlank(value);
}

/** What the value at this path belongs to: a pickup point to its delivery method, a payment's members to the payment's id; else null. */
export function contextOf(form: JsonObject, path: ProtectedPath): JsonValue {
  if (path.path === PICKUP_POINT) return valueAt(form, DELIVERY_METHOD_ID) ?? null;
  if (path.path.startsWith(PAYMENT_PREFIX) && path.path !== PAYMENT_ID.path) return valueAt(form, PAYMENT_ID) ?? null;
  return null;
}

/** Whether a known value may fill this path of `form`: not across delivery methods or payments, no address for an invoice nobody wants. */
export function mayFill(form: JsonObject, path: ProtectedPath, context: JsonValue): boolean {
  if (!hasRoom(form, path)) return false;
  const now = contextOf(form, path);
  if (path.path === PICKUP_POINT) return now === context;
  if (path.path === INVOICE_ADDRESS) return valueAt(form, at('invoice.required')) !== false;
  return now === null || context === null || now === context;
}

/** A parent that is text (an erased buyer) or a list is left as it is. */
function hasRoom(form: JsonObject, { keys }: ProtectedPath): boolean {
  return keys.slice(0, -1).every((_, depth) => {
    const parent = valueAt(form, { path: '', keys: keys.slice(0, depth + 1) });
    return isJsonObject(parent) || isBlank(parent);
  });
}

/** A copy of `form` with `value` at the path; parents that were null or absent become objects. */
export function withValueAt(form: JsonObject, { keys }: ProtectedPath, value: JsonValue): JsonObject {
  const [key, ...rest] = keys as [string, ...string[]];
  if (rest.length === 0) return { ...form, [key]: value };
  const child = form[key];
  return { ...form, [key]: withValueAt(isJsonObject(child) ? child : {}, { path: '', keys: rest }, value) };
}
