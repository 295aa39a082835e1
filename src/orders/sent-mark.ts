import { isJsonObject, type JsonObject } from '../core/json.js';

const SENT: ReadonlySet<unknown> = new Set(['SENT', 'PICKED_UP', 'READY_FOR_PICKUP']);

/** How far an order is sent, by its document; null when nothing of it is. Where it changes there may be other parcels. */
export function sentMark({ fulfillment }: JsonObject): string | null {
  if (!isJsonObject(fulfillment)) return null;
  const { status = null, shipmentSummary } = fulfillment;
  const items = isJsonObject(shipmentSummary) ? (shipmentSummary['lineItemsSent'] ?? null) : null;
  const isSent = SENT.has(status) || (typeof items === 'string' && items !== 'NONE');
  return isSent ? JSON.stringify([status, items]) : null;
}
