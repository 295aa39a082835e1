import type { JsonObject } from '../../src/core/json.js';
import type { FormReading, JournalReading } from '../../src/orders/record-batch.js';

/** A whole checkout form of an invented buyer; `changes` replace top-level members. */
export function inventedForm(id: string, changes: JsonObject = {}): JsonObject {
  return {
    id,
    messageToSeller: null,
    buyer: {
      id: `buyer-of-${id}`,
      email: `buyer.of.${id}@example.com`,
      login: `login_${id}`,
      firstName: 'Halina',
      lastName: 'Zmyślona',
      companyName: null,
      guest: false,
      personalIdentity: null,
      phoneNumber: '+48 000 000 001',
      preferences: { language: 'pl-PL' },
      address: { street: 'Nieistniejąca 7', city: 'Nigdzie', postCode: '00-000', countryCode: 'PL' },
    },
    payment: {
      id: `payment-of-${id}`,
      type: 'ONLINE',
      provider: 'AF',
      finishedAt: '2026-03-01T09:05:00.000Z',
      paidAmount: { amount: '123.00', currency: 'PLN' },
      reconciliation: null,
      features: [],
    },
    status: 'READY_FOR_PROCESSING',
    fulfillment: { status: 'NEW', shipmentSummary: { lineItemsSent: 'NONE' } },
    delivery: {
      address: { firstName: 'Halina', lastName: 'Zmyślona', street: 'Nieistniejąca 7', city: 'Nigdzie', zipCode: '00-000', countryCode: 'PL' },
      method: { id: 'method-locker', name: 'Locker' },
      pickupPoint: { id: 'PNT01', name: 'Point 01', description: null, address: { street: 'Rynek 1', city: 'Nigdzie', zipCode: '00-000' } },
      cost: { amount: '9.99', currency: 'PLN' },
      time: {
        from: '2026-03-03T00:00:00Z',
        to: '2026-03-04T00:00:00Z',
        guaranteed: null,
        dispatch: { from: '2026-03-01T10:00:00Z', to: '2026-03-02T22:59:59.999Z' },
      },
      smart: true,
      calculatedNumberOfPackages: 1,
    },
    invoice: { required: false, address: null, dueDate: null, features: null },
    lineItems: [
      {
        id: `line-of-${id}`,
        offer: { id: '7000000001', name: 'Invented brick set', external: { id: 'SKU-1' }, productSet: null },
        quantity: 1,
        originalPrice: { amount: '113.01', currency: 'PLN' },
        price: { amount: '113.01', currency: 'PLN' },
        reconciliation: null,
        selectedAdditionalServices: [],
        boughtAt: '2026-03-01T09:00:00.000Z',
      },
    ],
    surcharges: [],
    discounts: [],
    note: null,
    marketplace: { id: 'allegro-pl' },
    summary: { totalToPay: { amount: '123.00', currency: 'PLN' } },
    updatedAt: '2026-03-01T09:05:30.000Z',
    revision: 'a1b2c3d4',
    ...changes,
  };
}

/** A journal event about the form of that id. */
export function inventedEvent(eventId: string, orderId: string | null, type = 'READY_FOR_PROCESSING'): JsonObject {
  return {
    id: eventId,
    order: {
      seller: { id: 'seller-1' },
      buyer: { id: `buyer-of-${String(orderId)}`, email: `buyer.of.${String(orderId)}@example.com`, login: `login_${String(orderId)}`, guest: false },
      lineItems: [{ id: `line-of-${String(orderId)}`, quantity: 1 }],
      ...(orderId === null ? {} : { checkoutForm: { id: orderId, revision: 'a1b2c3d4' } }),
      marketplace: { id: 'allegro-pl' },
    },
    type,
    occurredAt: '2026-03-01T09:05:10.000Z',
  };
}

export const formReading = (form: JsonObject, observedAt = '2026-03-01T09:10:00.000Z'): FormReading => ({
  form,
  observedAt: new Date(observedAt),
  traceId: 'trace-form',
});
export const journalReading = (event: JsonObject, observedAt = '2026-03-01T09:09:00.000Z'): JournalReading => ({
  event,
  observedAt: new Date(observedAt),
  traceId: 'trace-journal',
});
