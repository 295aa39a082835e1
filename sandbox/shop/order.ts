import type { OrderKind } from './order-kind.js';
import { lifeOf } from './lives.js';
import type { OrderState } from './order-state.js';
import type { Market } from './markets.js';
import type { Seller } from './sellers.js';
import type { LivedStep, Step } from './steps.js';

/**
 * One order: what it was drawn from and what has happened to it. Its form is rendered from these on demand,
 * so 100,000 orders fit into memory.
 */
export interface Order {
  readonly seller: Seller;
  readonly id: string;
  /** Everything random about the order is drawn from this key. */
  readonly key: string;
  readonly kind: OrderKind;
  readonly buyerKey: string;
  readonly market: Market;
  readonly boughtAtMs: number;
  /** The purchases this one replaced; their line items are its own. */
  readonly parents: readonly Order[];
  readonly lived: LivedStep[];
  readonly plan: readonly Step[];
  /** How many steps of the plan have been taken. */
  planned: number;
  /** The purchase this one is going to be merged with. */
  sibling: Order | null;
  /** The form that replaced this one: from then on this id is 404. */
  successor: Order | null;
  /** Until when the version before the last change is still answered, on the sandbox's clock. */
  staleUntilMs: number;
  /** The state after that many steps, worked out when first asked. */
  current: { readonly steps: number; readonly state: OrderState } | null;
}

export function planOf(kind: OrderKind, parent: boolean): readonly Step[] {
  return lifeOf(parent ? 'mergedAway' : kind.life);
}
