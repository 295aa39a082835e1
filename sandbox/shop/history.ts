import { disturb } from '../faults/journal/journal-faults.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import { Random } from '../random.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './instants.js';
import type { EventDraft } from './journal-event.js';
import { kindAt, kindNamed } from './kinds.js';
import type { OrderKind } from './order-kind.js';
import { makeOrder } from './make-order.js';
import type { Order } from './order.js';
import type { Seller } from './sellers.js';
import { EVENT_OF_STEP, STEP_DELAY_MS, type LivedStep } from './steps.js';

/** Between an occurrence and its event: the range of all pairs ever posted in public. */
export const EVENT_LAG_MS: readonly [number, number] = [10_900, 20_500];

/** Where orders that are still open were bought, the greater part of the others, and the rest: ages in the past. */
const OPEN_AGE_MS: readonly [number, number] = [30 * MINUTE_MS, 2 * DAY_MS];
const RECENT_AGE_MS: readonly [number, number] = [2 * DAY_MS, 55 * DAY_MS];
const OLD_AGE_MS: readonly [number, number] = [61 * DAY_MS, 330 * DAY_MS];
const SHARE_OF_OLD = 0.3;

export interface History {
  readonly orders: readonly Order[];
  readonly drafts: readonly EventDraft[];
}

interface HistoryRequest {
  readonly seller: Seller;
  readonly orders: number;
  readonly startedAtMs: number;
  readonly plan: FaultPlan;
}

/** The event of a step of an order's life, written with the usual lag; null where Allegro keeps silent. */
export function draftOf(order: Order, type: string | null, occurredAtMs: number): EventDraft | null {
  if (type === null) return null;
  const position = order.lived.length;
  const lagMs = new Random(order.key, 'lag', position).integer(...EVENT_LAG_MS);
  return { order, type, occurredAtMs, position, writtenAtMs: occurredAtMs + lagMs, hiddenForMs: 0 };
}

/** A shop's past up to the start: exactly `orders` forms that can be read, the merged-away purchases beside them. */
export function makeHistory(request: HistoryRequest): History {
  const orders: Order[] = [];
  const tidy: EventDraft[] = [];
  for (let index = 0; index < request.orders; index += 1) {
    for (const order of bornAt(request, index)) {
      orders.push(order);
      livePast(order, request.startedAtMs, tidy);
    }
  }
  const context = { startedAtMs: request.startedAtMs, history: true };
  return { orders, drafts: tidy.flatMap((draft) => disturb(draft, request.plan, context)) };
}

function bornAt(request: HistoryRequest, index: number): Order[] {
  const { seller, plan, startedAtMs } = request;
  const merges = plan.strikes('merge', seller.key, index) ? kindNamed('merged') : null;
  const kind = merges ?? kindAt(seller.key, index);
  const boughtAtMs = startedAtMs - ageMs(new Random(seller.key, 'age', index), kind);
  if (kind.merged !== true) return [makeOrder(seller, { name: String(index), kind, boughtAtMs })];
  const first = makeOrder(seller, { name: `${String(index)}a`, kind, boughtAtMs, parent: true });
  const second = makeOrder(seller, { name: `${String(index)}b`, kind, boughtAtMs: boughtAtMs + 90_000, parent: true, sibling: first });
  const child = makeOrder(seller, { name: String(index), kind, boughtAtMs: second.boughtAtMs, parents: [first, second] });
  first.successor = child;
  second.successor = child;
  return [first, second, child];
}

function ageMs(random: Random, kind: OrderKind): number {
  if (kind.open) return random.integer(...OPEN_AGE_MS);
  return random.integer(...(random.chance(SHARE_OF_OLD) ? OLD_AGE_MS : RECENT_AGE_MS));
}

/** Lives the planned steps that fit before the start; an order still open keeps the rest for later. */
function livePast(order: Order, startedAtMs: number, drafts: EventDraft[]): void {
  const random = new Random(order.key, 'life');
  let atMs = order.boughtAtMs;
  if (order.parents.length === 0) push(drafts, draftOf(order, 'BOUGHT', atMs));
  else {
    atMs = Math.max(...order.parents.map((parent) => parent.lived.at(-1)?.atMs ?? 0)) + HOUR_MS;
    take(order, { kind: 'fill', atMs }, drafts);
  }
  for (const step of order.plan) {
    atMs += random.integer(...STEP_DELAY_MS[step.kind]);
    if (atMs > startedAtMs - MINUTE_MS) return;
    order.planned += 1;
    take(order, { ...step, atMs }, drafts);
  }
}

function take(order: Order, step: LivedStep, drafts: EventDraft[]): void {
  order.lived.push(step);
  push(drafts, draftOf(order, EVENT_OF_STEP[step.kind], step.atMs));
}

function push(drafts: EventDraft[], draft: EventDraft | null): void {
  if (draft) drafts.push(draft);
}
