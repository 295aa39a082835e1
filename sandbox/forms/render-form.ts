import type { Json, JsonObject } from '../json.js';
import { instant } from '../shop/instants.js';
import { price } from '../shop/money.js';
import type { OrderState } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import { buyerSection } from './buyer.js';
import { deliveryMinor, deliverySection } from './delivery.js';
import { invoiceSection } from './invoice.js';
import { lineItem, linesOf, linesTotalMinor } from './line-items.js';
import { codBookedPayments, paymentSection, surcharges } from './payment.js';
import { applyQuirks } from './quirks.js';

function fulfillment(order: Order, state: OrderState): Json {
  const provider = { id: order.kind.fulfilledBy ?? 'SELLER' };
  return { status: state.fulfilment, shipmentSummary: { lineItemsSent: state.sent }, provider };
}

/** The checkout form of an order in a state, as Allegro would answer it. */
export function renderForm(order: Order, state: OrderState): JsonObject {
  const lines = linesOf(order);
  const totalMinor = linesTotalMinor(lines) + deliveryMinor(order, state);
  const form: JsonObject = {
    id: order.id,
    messageToSeller: null,
    buyer: buyerSection(order),
    payment: paymentSection(order, state, totalMinor),
    status: state.status,
    fulfillment: fulfillment(order, state),
    delivery: deliverySection(order, state),
    invoice: invoiceSection(order, state),
    lineItems: lines.map(lineItem),
    surcharges: surcharges(order, state),
    note: state.noted ? { text: 'Zapakować „ostrożnie”' } : null,
    marketplace: { id: order.market.id },
    summary: { totalToPay: price(totalMinor, order.market.currency) },
    updatedAt: instant(state.updatedAtMs),
    revision: state.revision,
    codBookedPayments: codBookedPayments(order, state, totalMinor),
  };
  applyQuirks(form, order);
  return form;
}
