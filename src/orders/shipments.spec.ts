import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import { FORM_READ, FORM_RELEASED, ORDER_RESTORED, SHIPMENTS_READ } from './order.events.js';
import { contentDocument } from './order.js';
import { contentOf, snapshotOf } from './order-snapshot.js';
import { replayOrder } from './replay-order.js';
import { searchRow } from './search-row.js';
import { sentMark } from './sent-mark.js';

const event = (version: number, type: string, payload: JsonObject) => {
  const at = new Date(version * 1_000);
  return { version, type, payload, schemaVersion: 1, observedAt: at, recordedAt: at };
};
const form = (status: string): JsonObject => ({ id: 'o', fulfillment: { status }, updatedAt: '2026-01-01T00:00:00Z' });
const parcels: JsonObject = { shipments: [{ id: 's', waybill: 'AD-1234567' }] };
const shipmentsAfter = (...events: ReturnType<typeof event>[]) => {
  const { content } = replayOrder(events);
  return content && contentDocument(content).document['shipments'];
};

describe('parcels of an order', () => {
  const read = [event(1, FORM_READ, form('NEW')), event(2, FORM_READ, form('SENT')), event(3, SHIPMENTS_READ, parcels)];

  it('stay when forms are read or released, and when the order is put back', () => {
    expect(shipmentsAfter(...read)).toEqual(parcels['shipments']);
    expect(shipmentsAfter(...read, event(4, FORM_READ, form('PICKED_UP')))).toEqual(parcels['shipments']);
    expect(shipmentsAfter(...read, event(4, FORM_RELEASED, form('PICKED_UP')))).toEqual(parcels['shipments']);
    expect(shipmentsAfter(...read, event(4, ORDER_RESTORED, { version: 1 }))).toEqual(parcels['shipments']);
    expect(shipmentsAfter(...read, event(4, SHIPMENTS_READ, { shipments: [] }))).toEqual([]);
  });

  it('say nothing of an order whose form nobody read', () => {
    expect(shipmentsAfter(event(1, SHIPMENTS_READ, parcels))).toBeNull();
  });

  it('go through the projection and come back as they were', () => {
    const { content } = replayOrder(read);
    if (!content) throw new Error('no content');
    const stored = JSON.parse(JSON.stringify(snapshotOf(content))) as ReturnType<typeof snapshotOf>;
    expect(contentOf(stored)).toEqual(content);
    expect(searchRow('o', stored.document).search_codes).toEqual(searchRow('o', { ...form('SENT'), ...parcels }).search_codes);
    expect(searchRow('o', stored.document).search_codes).toEqual(['ad-1234567']);
  });

  it('are asked for once something was sent', () => {
    expect([sentMark(form('NEW')), sentMark(form('CANCELLED')), sentMark({ fulfillment: null }), sentMark({})]).toEqual([null, null, null, null]);
    for (const status of ['SENT', 'PICKED_UP', 'READY_FOR_PICKUP']) expect(sentMark(form(status))).not.toBeNull();
    const partly = { fulfillment: { status: 'PROCESSING', shipmentSummary: { lineItemsSent: 'SOME' } } };
    expect(sentMark(partly)).not.toBeNull();
    expect(sentMark({ fulfillment: { status: 'PROCESSING', shipmentSummary: { lineItemsSent: 'NONE' } } })).toBeNull();
    expect(sentMark({ fulfillment: { status: 'SENT', shipmentSummary: { lineItemsSent: 'ALL' } } })).not.toBe(sentMark(partly));
  });
});
