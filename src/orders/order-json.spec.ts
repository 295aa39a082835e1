import { describe, expect, it } from '@jest/globals';
import { oneOrderJson, orderJson, orderListJson, type OrderView } from './order-json.js';

const view: OrderView = {
  streamId: '7',
  orderId: 'o',
  version: 3,
  document: '{"id":"o","status":"BOUGHT"}',
  kept: [],
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T11:00:00.000Z',
  isStockUpdated: false,
  hasInvoiceCreated: true,
  invoiceId: 'FV/"1"',
  mergedInto: null,
  mergedFrom: ['p'],
  attention: true,
};
const OURS = {
  db_id: '7',
  token_id: 't',
  allegro_order_id: 'o',
  db_created_at: '2026-03-01T10:00:00.000Z',
  db_updated_at: '2026-03-01T11:00:00.000Z',
  technical_flags: { is_stock_updated: false, has_invoice_created: true, invoice_id: 'FV/"1"' },
  version: 3,
  kept: [],
  merged_into: null,
  merged_from: ['p'],
  attention: true,
};

describe('the JSON of an order', () => {
  it('is the document with our members appended', () => {
    const json = orderJson(view, 't');
    expect(json.startsWith('{"id":"o","status":"BOUGHT","db_id":"7"')).toBe(true);
    expect(JSON.parse(json)).toEqual({ id: 'o', status: 'BOUGHT', ...OURS });
  });

  it.each([['{}'], ['{ }'], [' {\n} ']])('works for the empty document %j', (document) => {
    expect(JSON.parse(orderJson({ ...view, document }, 't'))).toEqual(OURS);
  });

  it('lets no member of the document pass for one of ours', () => {
    const forged = JSON.parse(orderJson({ ...view, document: '{"token_id":"other","technical_flags":1}' }, 't')) as object;
    expect(forged).toEqual(OURS);
  });

  it('answers one order in the shape of a list too', () => {
    const order = { id: 'o', status: 'BOUGHT', ...OURS };
    const pagination = { total: 1, limit: 1, offset: 0, has_next: false, has_prev: false };
    expect(JSON.parse(oneOrderJson(view, 't'))).toEqual({ success: true, order, orders: [order], pagination });
  });

  it.each([
    [0, 2, true, false],
    [1, 2, false, true],
  ])('says at offset %d of %d whether there is a next (%p) and a previous page (%p)', (offset, total, next, previous) => {
    const list = JSON.parse(orderListJson({ orders: [Buffer.from(orderJson(view, 't'))], total, limit: 1, offset }, { status: null }).toString()) as Record<
      string,
      unknown
    >;
    expect(list).toMatchObject({ success: true, orders: [{ id: 'o' }], filters: { status: null } });
    expect(list['pagination']).toEqual({ total, limit: 1, offset, has_next: next, has_prev: previous });
  });

  it('is a list without orders when nothing matches', () => {
    expect(JSON.parse(orderListJson({ orders: [], total: 0, limit: 50, offset: 0 }, {}).toString())).toMatchObject({
      orders: [],
      pagination: { total: 0, has_next: false },
    });
  });
});
