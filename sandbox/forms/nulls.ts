import { objectAt, type JsonObject } from '../json.js';
import { unitOf } from '../random.js';
import type { Order } from '../shop/order.js';

/** Where real answers carry null although the published schema says a type. */
const NULLABLE_PATHS: readonly string[] = [
  'messageToSeller',
  'note',
  'buyer.firstName',
  'buyer.lastName',
  'buyer.phoneNumber',
  'buyer.address',
  'buyer.preferences',
  'payment',
  'payment.provider',
  'payment.paidAmount',
  'payment.finishedAt',
  'payment.features',
  'fulfillment.provider',
  'fulfillment.shipmentSummary',
  'delivery',
  'delivery.address',
  'delivery.method',
  'delivery.pickupPoint',
  'delivery.cost',
  'delivery.time',
  'delivery.smart',
  'delivery.calculatedNumberOfPackages',
  'invoice.address',
  'invoice.features',
  'invoice.dueDate',
  'surcharges',
  'marketplace',
  'summary',
  'updatedAt',
  'revision',
  'codBookedPayments',
];

/** Each nullable place of a form is null with this probability, drawn from the order: the same places every time. */
const SHARE_OF_PLACES = 0.4;

export function applyNulls(form: JsonObject, order: Order): void {
  for (const path of NULLABLE_PATHS) {
    if (unitOf(order.key, 'null', path) < SHARE_OF_PLACES) nullAt(form, path);
  }
}

function nullAt(form: JsonObject, path: string): void {
  const [first = '', second] = path.split('.');
  const parent = second === undefined ? form : objectAt(form, first);
  const key = second ?? first;
  if (parent && key in parent) parent[key] = null;
}
