import { isJsonObject, type JsonObject } from '../core/json.js';
import { ERASED } from '../platform/vault/personal-data.js';
import { type FulfilmentTimes, fulfilmentTimes, mayBeSent, NOT_MEASURED, type TimedEvent } from './fulfilment-times.js';
import { type SoldOffer, soldOffers } from './sold-offers.js';

interface Projected {
  readonly columns: JsonObject;
  readonly document: JsonObject;
}

/** What statistics count of an order beside its columns. */
export interface OrderFacts extends FulfilmentTimes {
  readonly offers: readonly SoldOffer[];
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

/** Whether the times of the order are to be looked for in its events. */
export const asksForTimes = ({ columns }: Pick<Projected, 'columns'>): boolean => mayBeSent(textOf(columns['fulfillment_status']));

/** Whether its buyer must not be counted any more. */
export function isBuyerErased({ document: { buyer } }: Pick<Projected, 'document'>): boolean {
  return buyer === ERASED || (isJsonObject(buyer ?? null) && Object.values(buyer as JsonObject).includes(ERASED));
}

/** @param events of the order's stream, in version order */
export function factsOf(projected: Projected, events: readonly TimedEvent[]): OrderFacts {
  const times = asksForTimes(projected) ? fulfilmentTimes(events, textOf(projected.columns['ordered_at']) ?? '') : NOT_MEASURED;
  return { offers: soldOffers(projected.document).offers, ...times };
}
