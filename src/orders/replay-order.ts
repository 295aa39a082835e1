import { type FoldedEvent, restoredVersion } from './order.events.js';
import { evolve, type OrderState, restoreContent, UNKNOWN_ORDER } from './order.js';

/**
 * The state of an order after each of these events of its stream.
 * @param events in version order, a prefix of the stream (or of what of it had occurred at an instant)
 */
export function foldHistory(events: readonly FoldedEvent[]): OrderState[] {
  const states: OrderState[] = [];
  let state = UNKNOWN_ORDER;
  for (const event of events) {
    const version = restoredVersion(event);
    state = version === null ? evolve(state, event) : restored(state, stateAt(events, states, version), event);
    states.push(state);
  }
  return states;
}

/** The state of an order after these events of its stream. */
export function replayOrder(events: readonly FoldedEvent[]): OrderState {
  return foldHistory(events).at(-1) ?? UNKNOWN_ORDER;
}

/** The state at a version, of the states folded so far. */
export function stateAt(events: readonly FoldedEvent[], states: readonly OrderState[], version: number): OrderState {
  const index = events.findLastIndex((event, place) => place < states.length && event.version <= version);
  return states[index] ?? UNKNOWN_ORDER;
}

/** Flags are put back by events of their own, which follow; an order is never put back to nothing. */
function restored(state: OrderState, past: OrderState, event: FoldedEvent): OrderState {
  return past.content ? { ...state, content: restoreContent(past.content, state.content, event) } : state;
}
