/** Where a purchase stands, as the buyer's side moves it; Allegro may add more, which then show as present. */
const ORDER_STATUSES: readonly string[] = ['BOUGHT', 'FILLED_IN', 'READY_FOR_PROCESSING', 'CANCELLED'];
/** Where its handling stands, as the seller moves it. */
const FULFILLMENT_STATUSES: readonly string[] = [
  'NEW',
  'PROCESSING',
  'READY_FOR_SHIPMENT',
  'READY_FOR_PICKUP',
  'SENT',
  'PICKED_UP',
  'CANCELLED',
  'SUSPENDED',
  'RETURNED',
];

export interface StatusAxes {
  readonly order: readonly string[];
  readonly fulfillment: readonly string[];
}

export interface Statuses {
  readonly order: string[];
  readonly fulfillment: string[];
  /** Of both axes, each once. */
  readonly all: string[];
}

const merged = (...lists: (readonly string[])[]): string[] => [...new Set(lists.flat())];

/** The statuses a client may filter by: those Allegro is known to use, in the order an order goes through them, then others really present. */
export function availableStatuses(present: StatusAxes): Statuses {
  const order = merged(ORDER_STATUSES, present.order);
  const fulfillment = merged(FULFILLMENT_STATUSES, present.fulfillment);
  return { order, fulfillment, all: merged(order, fulfillment) };
}
