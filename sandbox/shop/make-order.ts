import { hashOf, Random } from '../random.js';
import type { OrderKind } from './order-kind.js';
import { marketOf } from './markets.js';
import { planOf, type Order } from './order.js';
import type { Seller } from './sellers.js';

export interface OrderBirth {
  /** Distinguishes the order within its seller's shop. */
  readonly name: string;
  readonly kind: OrderKind;
  readonly boughtAtMs: number;
  /** The purchases it replaces; they settle its buyer and market. */
  readonly parents?: readonly Order[];
  /** A purchase of the same buyer, for one that is going to be merged with this one. */
  readonly sibling?: Order;
  /** True for a purchase that only lives to be merged. */
  readonly parent?: boolean;
}

/** Buyers of a shop: few enough that about a third of the orders are by someone who bought before. */
const BUYERS_PER_SHOP = 3_000;

function buyerKeyOf(seller: Seller, key: string): string {
  return `${seller.key}/buyer/${String(hashOf(key, 'buyer') % BUYERS_PER_SHOP)}`;
}

export function makeOrder(seller: Seller, birth: OrderBirth): Order {
  const { parents = [], sibling = null } = birth;
  const key = `${seller.key}/order/${birth.name}`;
  const relatives = [...parents, sibling].filter((order) => order !== null);
  const { buyerKey, market } = relatives[0] ?? { buyerKey: buyerKeyOf(seller, key), market: marketOf(birth.kind.market) };
  const order: Order = {
    seller,
    id: new Random(key, 'id').uuid(),
    key,
    kind: birth.kind,
    buyerKey,
    market,
    boughtAtMs: birth.boughtAtMs,
    parents,
    lived: [],
    plan: planOf(birth.kind, birth.parent === true),
    planned: 0,
    sibling,
    successor: null,
    staleUntilMs: 0,
    current: null,
  };
  if (sibling) sibling.sibling = order;
  return order;
}
