import type { JsonObject } from '../json.js';
import { Random } from '../random.js';
import { instant } from '../shop/instants.js';
import type { Order } from '../shop/order.js';
import type { OrderState } from '../shop/order-state.js';
import { linesOf } from './line-items.js';

const CARRIERS = ['INPOST', 'DPD', 'ALLEGRO', 'OTHER'] as const;

/** The parcels of an order: one once something was sent, two of some orders that are sent whole, and those added by hand. */
export function shipmentsOf(order: Order, state: OrderState, added: readonly string[]): JsonObject {
  const random = new Random(order.key, 'shipments');
  const drawn = Array.from({ length: 2 }, () => ({ id: random.hex(24), waybill: `SB${random.digits(22)}`, carrierId: random.pick(CARRIERS) }));
  const isSplit = random.chance(0.3);
  const count = state.sent === 'NONE' ? 0 : state.sent === 'ALL' && isSplit ? 2 : 1;
  const byHand = added.map((waybill) => ({ id: new Random(order.key, 'shipment', waybill).hex(24), waybill, carrierId: 'OTHER' as const }));
  const lineItems = linesOf(order).map(({ id }) => ({ id }));
  const createdAt = instant(order.lived.at(-1)?.atMs ?? order.boughtAtMs);
  const shipments = [...drawn.slice(0, count), ...byHand].map((parcel) => {
    const whole: JsonObject = { ...parcel, lineItems, createdAt };
    if (parcel.carrierId === 'OTHER') whole['carrierName'] = 'Kurier przykładowy';
    return whole;
  });
  return { shipments };
}
