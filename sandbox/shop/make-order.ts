import { hashOf, Random } from '../random.js';
import type { OrderKind } from './kinds.js';
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

export function makeOrder(seller: Seller, birth: OrderBirth): Order {
  const key = `${seller.key}/order/${birth.name}`;
  const relative = birth.parents?.[0] ?? birth.sibling;
  const order: Order = {
    seller,
    id: new Random(key, 'id').uuid(),
    key,
    kind: birth.kind,
    buyerKey: relative?.buyerKey ?? `${seller.key}/buyer/${String(hashOf(key, 'buyer') % BUYERS_PER_SHOP)}`,
    market: relative?.market ?? marketOf(birth.kind.market ?? 'allegro-pl'),
    boughtAtMs: birth.boughtAtMs,
    parents: birth.parents ?? [],
    lived: [],
    plan: planOf(birth.kind, birth.parent ?? false),
    planned: 0,
    sibling: birth.sibling ?? null,
    successor: null,
    staleUntilMs: 0,
    current: null,
  };
  if (birth.sibling) birth.sibling.sibling = order;
  return order;
}
