import { disturb } from '../faults/journal/journal-faults.js';
import { Random } from '../random.js';
import { EVENT_LAG_MS, draftOf } from './history.js';
import { kindAt, kindNamed } from './kinds.js';
import type { OrderKind } from './order-kind.js';
import { makeOrder, type OrderBirth } from './make-order.js';
import { currentState } from './order-state.js';
import type { Order } from './order.js';
import type { SellerShop } from './seller-shop.js';
import { EVENT_OF_STEP, type Step } from './steps.js';

/** Longest time a change may be answered late when no other is said. */
const LAG_OF_FORM_MS = 3_000;

/**
 * What happens now is dated as far back as events usually lag, so that form and event appear at once
 * and still carry the distance real ones have.
 */
function occurrenceMs(shop: SellerShop, order: Order | null): number {
  const lagMs = new Random(shop.seller.key, 'lag now', shop.drawn, order?.lived.length ?? 0).integer(...EVENT_LAG_MS);
  const lastMs = order === null ? 0 : Math.max(order.boughtAtMs, order.lived.at(-1)?.atMs ?? 0);
  return Math.max(shop.clock.nowMs() - lagMs, lastMs + 1);
}

function announce(shop: SellerShop, order: Order, type: string | null, occurredAtMs: number): void {
  const draft = draftOf(order, type, occurredAtMs);
  if (draft === null) return;
  const nowMs = shop.clock.nowMs();
  draft.writtenAtMs = nowMs;
  const context = { startedAtMs: nowMs, history: false };
  for (const written of disturb(draft, shop.faults, context)) shop.journal.write(written, nowMs);
}

function bear(shop: SellerShop, birth: Omit<OrderBirth, 'boughtAtMs'>): Order {
  const order = makeOrder(shop.seller, { ...birth, boughtAtMs: occurrenceMs(shop, null) });
  shop.add(order);
  announce(shop, order, 'BOUGHT', order.boughtAtMs);
  return order;
}

/** Somebody buys now. A kind that is merged begins as two purchases; the first is answered. */
export function buy(shop: SellerShop, kind?: OrderKind): Order {
  const number = shop.drawn;
  shop.drawn += 1;
  const struck = shop.faults.strikes('merge', shop.seller.key, number) ? kindNamed('merged') : null;
  const drawn = kind ?? struck ?? kindAt(shop.seller.key, number);
  if (drawn.merged !== true) return bear(shop, { name: String(number), kind: drawn });
  const first = bear(shop, { name: `${String(number)}a`, kind: drawn, parent: true });
  bear(shop, { name: `${String(number)}b`, kind: drawn, parent: true, sibling: first });
  return first;
}

/** One step happens to an order now; its event, if any, is written with the faults of the journal. */
export function live(shop: SellerShop, order: Order, step: Step): void {
  const atMs = occurrenceMs(shop, order);
  order.lived.push({ ...step, atMs });
  const longestMs = shop.faults.amount('lagging', LAG_OF_FORM_MS);
  if (shop.faults.strikes('lagging', order.key, order.lived.length)) order.staleUntilMs = shop.clock.nowMs() + longestMs;
  shop.touch();
  announce(shop, order, EVENT_OF_STEP[step.kind], atMs);
}

/** Two purchases are paid together: their forms are gone, a new one has their line items. */
export function merge(shop: SellerShop, parents: readonly [Order, Order]): Order {
  for (const parent of parents) live(shop, parent, { kind: 'merge' });
  const kind = kindNamed('merged') ?? parents[0].kind;
  const boughtAtMs = Math.max(...parents.map((parent) => parent.boughtAtMs));
  const child = makeOrder(shop.seller, { name: `${parents[0].key}+`, kind, boughtAtMs, parents });
  for (const parent of parents) parent.successor = child;
  shop.add(child);
  live(shop, child, { kind: 'fill' });
  return child;
}

/** The next planned step of an order, or null when its life is over. Answers the order that goes on. */
export function advance(shop: SellerShop, order: Order): Order | null {
  const step = order.plan[order.planned];
  if (step === undefined || order.successor !== null) return null;
  order.planned += 1;
  if (step.kind === 'merge' && order.sibling) return merge(shop, [order, order.sibling]);
  live(shop, order, step);
  return order;
}

/** Statuses in which an order still moves by itself. */
const OPEN: ReadonlySet<string> = new Set(['BOUGHT', 'FILLED_IN', 'READY_FOR_PROCESSING']);

/** One arrival, drawn by its number: half of them are new orders, the others move an open one on. */
export function arrive(shop: SellerShop, number: number): Order {
  const random = new Random(shop.seller.key, 'arrival', number);
  if (random.chance(0.5)) return buy(shop);
  const open = shop.sorted('boughtAt').filter((order) => order.planned < order.plan.length && OPEN.has(currentState(order).status));
  return (open.length > 0 ? advance(shop, random.pick(open)) : null) ?? buy(shop);
}
