import type { LifeName } from './lives.js';

export type PaymentTrait = 'af' | 'payu' | 'p24' | 'wire' | 'split' | 'term' | 'cod' | 'cod-af' | 'wallet' | 'allegro-pay' | 'underpaid';
type DeliveryTrait = 'locker' | 'point' | 'courier' | 'personal' | 'stale-point' | 'changed-method';
type InvoiceTrait = 'none' | 'unwanted' | 'company' | 'foreign-company' | 'person' | 'without-address';
type LineTrait = 'plain' | 'several' | 'discounted' | 'voucher' | 'deposit' | 'services' | 'taxed' | 'product-set' | 'serials' | 'external';
export type Quirk =
  | 'delivery-null'
  | 'delivery-address-empty'
  | 'delivery-cost-null'
  | 'delivery-time-null'
  | 'point-without-country'
  | 'buyer-address-null'
  | 'buyer-names-null'
  | 'phone-empty'
  | 'phone-null'
  | 'payment-null'
  | 'fulfillment-null'
  | 'lists-null'
  | 'lean'
  | 'guest'
  | 'provider-absent'
  | 'bare-amounts'
  | 'long-times'
  | 'old-discounts'
  | 'extra-keys'
  | 'unknown-enums'
  | 'event-without-form'
  | 'bought-missing'
  | 'personal-identity'
  | 'message'
  | 'cancellation'
  | 'formula'
  | 'script'
  | 'emoji'
  | 'bidi'
  | 'nul'
  | 'long-message';

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
