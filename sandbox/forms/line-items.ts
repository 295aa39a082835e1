import type { Json, JsonObject } from '../json.js';
import { Random } from '../random.js';
import { instant } from '../shop/instants.js';
import { inMarket, price } from '../shop/money.js';
import type { Order } from '../shop/order.js';

export interface Line {
  readonly id: string;
  readonly offerId: string;
  readonly offerName: string;
  readonly externalId: string | null;
  readonly quantity: number;
  readonly unitMinor: number;
  readonly originalMinor: number;
  readonly depositMinor: number;
  readonly serviceMinor: number;
  readonly order: Order;
}

const GOODS = [
  'Rower dziecięcy 16"',
  'Krzesło dębowe',
  'Kredki świecowe 24 szt.',
  'Lampa „Świetlik”',
  'Herbata z róży 100 g',
  'Młotek ślusarski',
  'Puzzle 1000 el. Żubry',
  'Doniczka gliniana ∅12',
  'Skarpety wełniane',
  'Kłódka mosiężna',
];

/** Offers a shop sells; few enough that the same one is bought again and again. */
const OFFERS_PER_SHOP = 80;

function ownLines(order: Order): readonly Line[] {
  const random = new Random(order.key, 'lines');
  const count = order.kind.lines === 'several' ? random.integer(2, 5) : random.chance(0.2) ? 2 : 1;
  return Array.from({ length: count }, (_, index): Line => {
    const id = index === 0 ? order.id.replace(/^.{8}/, random.hex(8)) : random.uuid();
    const quantity = random.chance(0.15) ? random.integer(2, 6) : 1;
    const offer = offerOf(order, random.integer(0, OFFERS_PER_SHOP - 1));
    return { id, quantity, ...offer, ...pricesOf(order, offer.originalMinor, index), order };
  });
}

type Offer = Pick<Line, 'offerId' | 'offerName' | 'externalId' | 'originalMinor'>;
type Prices = Pick<Line, 'unitMinor' | 'depositMinor' | 'serviceMinor'>;

function offerOf(order: Order, number: number): Offer {
  const random = new Random(order.seller.key, 'offer', number);
  const groszy = random.integer(500, 30_000);
  const whole = order.kind.quirks?.includes('bare-amounts') === true;
  return {
    offerId: String(7_000_000_000 + order.seller.index * 1_000 + number),
    offerName: random.pick(GOODS),
    externalId: order.kind.lines === 'external' || random.chance(0.4) ? `SKU-${random.digits(6)}` : null,
    originalMinor: inMarket(whole ? 7_000 : groszy, order.market),
  };
}

function pricesOf(order: Order, originalMinor: number, index: number): Prices {
  const { lines } = order.kind;
  const step = order.market.priceStep;
  const reducedMinor = Math.max(step, Math.floor((originalMinor * 0.9) / step) * step);
  return {
    unitMinor: lines === 'discounted' ? reducedMinor : originalMinor,
    depositMinor: lines === 'deposit' ? inMarket(50, order.market) : 0,
    serviceMinor: lines === 'services' && index === 0 ? inMarket(4_900, order.market) : 0,
  };
}

/** The acts of purchase in an order; a merged one has its parents' lines with their ids, prices and times. */
export function linesOf(order: Order): readonly Line[] {
  return order.parents.length === 0 ? ownLines(order) : order.parents.flatMap((parent) => linesOf(parent));
}

export function linesTotalMinor(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + (line.unitMinor + line.depositMinor) * line.quantity + line.serviceMinor, 0);
}

function discounts(line: Line): Json {
  const types = ['BUNDLE', 'UNIT_PERCENTAGE_DISCOUNT', 'LARGE_ORDER_DISCOUNT', 'COUPON', 'CAMPAIGN', 'TURNOVER_DISCOUNT'];
  if (line.order.kind.lines !== 'discounted') return null;
  return [{ type: new Random(line.id, 'discount').pick(types) }];
}

function tax(line: Line): Json {
  const random = new Random(line.offerId, 'tax');
  if (line.order.kind.lines !== 'taxed' && random.chance(0.12)) return null;
  if (random.chance(0.05)) return { rate: null, subject: 'GOODS', exemption: 'MONEY_EQUIVALENT' };
  return { rate: random.pick(['23.00', '8.00', '5.00']), subject: null, exemption: null };
}

function productSet(line: Line): Json {
  if (line.order.kind.lines !== 'product-set') return null;
  const random = new Random(line.offerId, 'products');
  return {
    products: [
      { id: random.uuid(), quantity: 1 },
      { id: random.uuid(), quantity: 2 },
    ],
  };
}

function vouchers(line: Line, currency: string): Json[] {
  if (line.order.kind.lines !== 'voucher') return [];
  const code = new Random(line.id, 'voucher').text(10, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789');
  const externalTransactionId = `wymyslony-${code}`;
  return [{ code, type: 'NOTEBOOKS_FOR_TEACHERS', status: 'ACTIVE', externalTransactionId, value: price(1_000, currency) }];
}

function services(line: Line, currency: string): Json[] {
  if (line.serviceMinor === 0) return [];
  return [{ definitionId: 'CARRY_IN', name: 'Wniesienie', price: price(line.serviceMinor, currency), quantity: 1 }];
}

function reconciliation(line: Line, currency: string): Json {
  if (line.order.kind.payment !== 'wallet') return null;
  return { value: price(line.originalMinor - line.unitMinor, currency), type: 'WALLET', quantity: line.quantity };
}

function serialNumbers(line: Line): Json {
  if (line.order.kind.lines !== 'serials') return { expected: false, entries: [] };
  return { expected: true, entries: [{ value: `SN-${line.id.slice(0, 8)}`, returned: false }] };
}

export function lineItem(line: Line): JsonObject {
  const currency = line.order.market.currency;
  const discounted = line.order.kind.payment === 'wallet' ? line.unitMinor : line.originalMinor;
  return {
    id: line.id,
    offer: {
      id: line.offerId,
      name: line.offerName,
      external: line.externalId === null ? null : { id: line.externalId },
      productSet: productSet(line),
      hsNumber: line.order.kind.lines === 'product-set' ? '09012100' : null,
    },
    quantity: line.quantity,
    originalPrice: price(discounted, currency),
    price: price(line.unitMinor, currency),
    reconciliation: reconciliation(line, currency),
    selectedAdditionalServices: services(line, currency),
    vouchers: vouchers(line, currency),
    tax: tax(line),
    boughtAt: instant(line.order.boughtAtMs),
    discounts: discounts(line),
    deposit: line.depositMinor === 0 ? null : { price: price(line.depositMinor, currency) },
    serialNumbers: serialNumbers(line),
  };
}
