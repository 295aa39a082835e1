import { hashOf } from '../random.js';
import type { LifeName } from './lives.js';

export type PaymentTrait = 'af' | 'payu' | 'p24' | 'wire' | 'split' | 'term' | 'cod' | 'cod-af' | 'wallet' | 'allegro-pay' | 'underpaid';
export type DeliveryTrait = 'locker' | 'point' | 'courier' | 'personal' | 'stale-point' | 'changed-method';
export type InvoiceTrait = 'none' | 'unwanted' | 'company' | 'foreign-company' | 'person' | 'without-address';
export type LineTrait = 'plain' | 'several' | 'discounted' | 'voucher' | 'deposit' | 'services' | 'taxed' | 'product-set' | 'serials' | 'external';
export type Quirk =
  | 'delivery-null' | 'delivery-address-empty' | 'delivery-cost-null' | 'delivery-time-null' | 'point-without-country'
  | 'buyer-address-null' | 'buyer-names-null' | 'phone-empty' | 'phone-null' | 'payment-null' | 'fulfillment-null'
  | 'lists-null' | 'lean' | 'guest' | 'provider-absent' | 'bare-amounts' | 'long-times' | 'old-discounts' | 'extra-keys'
  | 'unknown-enums' | 'event-without-form' | 'bought-missing' | 'personal-identity' | 'message' | 'cancellation'
  | 'formula' | 'script' | 'emoji' | 'bidi' | 'nul' | 'long-message';

/** One kind of order the shop sells: how it lives and what is special about its form. */
export interface OrderKind {
  readonly name: string;
  /** How often it is drawn after every kind has been drawn once; 1 in about 1,000. */
  readonly weight: number;
  readonly life: LifeName;
  readonly payment?: PaymentTrait;
  readonly delivery?: DeliveryTrait;
  readonly invoice?: InvoiceTrait;
  readonly lines?: LineTrait;
  readonly market?: string;
  readonly quirks?: readonly Quirk[];
  readonly fulfilledBy?: 'ALLEGRO';
  /** Still open: bought within the last days, so that arrivals can move it on. */
  readonly open?: true;
  /** Replaces two earlier purchases, whose forms are gone. */
  readonly merged?: true;
}

const ODD = 4;

/** The ordinary ones come first and carry nearly all the weight, as in a real shop. */
export const KINDS: readonly OrderKind[] = [
  { name: 'completed', weight: 260, life: 'completed', payment: 'af', delivery: 'locker' },
  { name: 'completed-courier', weight: 120, life: 'completed', payment: 'payu', delivery: 'courier', lines: 'several' },
  { name: 'sent', weight: 120, life: 'sent', payment: 'allegro-pay', delivery: 'point', lines: 'taxed' },
  { name: 'processing', weight: 60, life: 'processing', delivery: 'locker', open: true },
  { name: 'ready', weight: 60, life: 'ready', delivery: 'courier', open: true },
  { name: 'filled', weight: 25, life: 'filled', open: true },
  { name: 'bought', weight: 20, life: 'bought', open: true },
  { name: 'cod', weight: 40, life: 'sent', payment: 'cod', delivery: 'courier' },
  { name: 'cod-booked', weight: 20, life: 'codBooked', payment: 'cod', delivery: 'courier' },
  { name: 'cod-with-provider', weight: 5, life: 'ready', payment: 'cod-af', delivery: 'point' },
  { name: 'company-invoice', weight: 30, life: 'completed', invoice: 'company', delivery: 'courier' },
  { name: 'person-invoice', weight: 15, life: 'completed', invoice: 'person', delivery: 'locker' },
  { name: 'foreign-company-invoice', weight: 5, life: 'sent', invoice: 'foreign-company', market: 'allegro-business-cz' },
  { name: 'invoice-without-address', weight: ODD, life: 'ready', invoice: 'without-address' },
  { name: 'unwanted-invoice', weight: 8, life: 'sent', invoice: 'unwanted' },
  { name: 'czech', weight: 30, life: 'completed', market: 'allegro-cz', delivery: 'courier' },
  { name: 'slovak', weight: 12, life: 'completed', market: 'allegro-sk', delivery: 'point' },
  { name: 'hungarian', weight: 12, life: 'completed', market: 'allegro-hu', delivery: 'courier' },
  { name: 'cancelled-unfilled', weight: 12, life: 'cancelledUnfilled' },
  { name: 'auto-cancelled', weight: 12, life: 'autoCancelled', payment: 'p24' },
  { name: 'cancelled-unpaid', weight: 10, life: 'cancelledUnpaid' },
  { name: 'cancelled-paid', weight: 12, life: 'cancelledPaid' },
  { name: 'cancelled-cod', weight: 6, life: 'cancelledPaid', payment: 'cod' },
  { name: 'cancelled-in-process', weight: 6, life: 'cancelledInProcess' },
  { name: 'seller-cancelled', weight: 6, life: 'sellerCancelled' },
  { name: 'returned', weight: 8, life: 'returned' },
  { name: 'suspended', weight: ODD, life: 'suspended' },
  { name: 'pickup-ready', weight: 6, life: 'pickupReady', delivery: 'personal' },
  { name: 'ready-for-shipment', weight: 10, life: 'readyForShipment', open: true },
  { name: 'partly-sent', weight: 8, life: 'partlySent', lines: 'several' },
  { name: 'address-modified', weight: 8, life: 'addressModified', delivery: 'courier' },
  { name: 'surcharged', weight: 6, life: 'surcharged', lines: 'services' },
  { name: 'extended-term', weight: 6, life: 'settled', payment: 'term', invoice: 'company' },
  { name: 'refilled', weight: 6, life: 'refilled', delivery: 'changed-method', open: true },
  { name: 'merged', weight: 10, life: 'afterMerge', merged: true },
  { name: 'noted', weight: 6, life: 'noted', quirks: ['message'] },
  { name: 'fulfilled-by-allegro', weight: 8, life: 'completed', fulfilledBy: 'ALLEGRO' },
  { name: 'wire-transfer', weight: 6, life: 'sent', payment: 'wire' },
  { name: 'split-payment', weight: 5, life: 'sent', payment: 'split', invoice: 'company' },
  { name: 'wallet-price', weight: 6, life: 'sent', payment: 'wallet', lines: 'discounted' },
  { name: 'underpaid', weight: ODD, life: 'ready', payment: 'underpaid' },
  { name: 'discounted', weight: 12, life: 'sent', lines: 'discounted' },
  { name: 'voucher', weight: ODD, life: 'sent', lines: 'voucher' },
  { name: 'deposit', weight: ODD, life: 'sent', lines: 'deposit' },
  { name: 'product-set', weight: ODD, life: 'sent', lines: 'product-set' },
  { name: 'serial-numbers', weight: ODD, life: 'sent', lines: 'serials' },
  { name: 'external-offer', weight: 20, life: 'completed', lines: 'external' },
  { name: 'stale-pickup-point', weight: ODD, life: 'sent', delivery: 'stale-point' },
  { name: 'guest', weight: ODD, life: 'sent', quirks: ['guest', 'buyer-names-null'] },
  { name: 'delivery-null', weight: ODD, life: 'cancelledPaid', quirks: ['delivery-null', 'payment-null'] },
  { name: 'delivery-address-empty', weight: ODD, life: 'sent', delivery: 'locker', quirks: ['delivery-address-empty'] },
  { name: 'delivery-cost-null', weight: ODD, life: 'filled', quirks: ['delivery-cost-null', 'delivery-time-null'] },
  { name: 'buyer-address-null', weight: ODD, life: 'ready', quirks: ['buyer-address-null', 'phone-empty'] },
  { name: 'point-without-country', weight: ODD, life: 'sent', delivery: 'point', quirks: ['point-without-country'] },
  { name: 'nulled-lists', weight: ODD, life: 'sent', quirks: ['lists-null', 'fulfillment-null', 'phone-null'] },
  { name: 'lean', weight: ODD, life: 'bought', quirks: ['lean'] },
  { name: 'old-shape', weight: ODD, life: 'sent', quirks: ['old-discounts', 'provider-absent'] },
  { name: 'new-keys', weight: ODD, life: 'sent', quirks: ['extra-keys', 'cancellation'] },
  { name: 'new-words', weight: ODD, life: 'newStatus', market: 'allegro-ro', quirks: ['unknown-enums'] },
  { name: 'bare-amounts', weight: ODD, life: 'sent', delivery: 'personal', quirks: ['bare-amounts', 'long-times'] },
  { name: 'event-without-form', weight: ODD, life: 'sent', quirks: ['event-without-form'] },
  { name: 'bought-event-missing', weight: ODD, life: 'sent', quirks: ['bought-missing'] },
  { name: 'personal-identity', weight: ODD, life: 'sent', quirks: ['personal-identity'] },
  { name: 'formula-text', weight: 1, life: 'sent', quirks: ['formula'] },
  { name: 'script-text', weight: 1, life: 'sent', quirks: ['script'] },
  { name: 'emoji-text', weight: 1, life: 'sent', quirks: ['emoji'] },
  { name: 'bidi-text', weight: 1, life: 'sent', quirks: ['bidi'] },
  { name: 'nul-text', weight: 1, life: 'sent', quirks: ['nul'] },
  { name: 'long-text', weight: 0, life: 'sent', quirks: ['long-message'] },
];

const TOTAL_WEIGHT = KINDS.reduce((sum, kind) => sum + kind.weight, 0);

export function kindNamed(name: string): OrderKind | null {
  return KINDS.find((kind) => kind.name === name) ?? null;
}

/** The kind of the n-th order of a shop: each kind once, then by weight. */
export function kindAt(shopKey: string, index: number): OrderKind {
  const first = KINDS[index];
  if (first !== undefined) return first;
  let left = hashOf(shopKey, 'kind', index) % TOTAL_WEIGHT;
  for (const kind of KINDS) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  throw new Error('weights do not add up');
}
