import type { FoldedEvent } from './order.events.js';
import { evolve, type OrderState, UNKNOWN_ORDER } from './order.js';

/** The state of an order after these events of its stream. */
export function replayOrder(events: readonly FoldedEvent[]): OrderState {
  return events.reduce(evolve, UNKNOWN_ORDER);
}
