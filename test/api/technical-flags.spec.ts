import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import { inventedForm } from '../support/invented-orders.js';
import { dayForms, OrderWorld } from '../support/order-world.js';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.start();
});

afterAll(async () => {
  await world.stop();
});

describe('the technical flags', () => {
  it('read as false before they were written, and answer what was set', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    expect((await shop.call('/o/technical-flags')).body).toEqual({
      order_id: 'o',
      technical_flags: { is_stock_updated: false, has_invoice_created: false, invoice_id: null, created_at: null, updated_at: null },
    });
    const { body } = await shop.patch('/o/stock-status', { is_stock_updated: true });
    expect(body).toEqual({ success: true, order_id: 'o', is_stock_updated: true, updated_at: expect.stringMatching(/Z$/), message: expect.any(String) });
    const invoice = await shop.patch('/o/invoice-status', { has_invoice_created: true, invoice_id: 'FV/1' });
    expect(invoice.body).toEqual({
      success: true,
      order_id: 'o',
      has_invoice_created: true,
      invoice_id: 'FV/1',
      updated_at: expect.stringMatching(/Z$/),
      message: expect.any(String),
    });
    expect((await shop.call('/o')).body).toMatchObject({
      order: { technical_flags: { is_stock_updated: true, has_invoice_created: true, invoice_id: 'FV/1' } },
    });
  });

  it('record the same value and the same key once', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    const headers = { 'idempotency-key': 'key-1' };
    const first = await shop.patch('/o/stock-status', { is_stock_updated: true }, { headers });
    expect((await shop.patch('/o/stock-status', { is_stock_updated: true }, { headers })).body).toEqual(first.body);
    expect((await shop.patch('/o/stock-status', { is_stock_updated: true })).body).toEqual(first.body);
    expect((await shop.patch('/o/stock-status', { is_stock_updated: false }, { headers })).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    expect((await shop.patch('/o/stock-status', { is_stock_updated: false }, { headers: { 'idempotency-key': 'a b' } })).body).toMatchObject({
      status: 422,
      errors: [{ field: 'Idempotency-Key' }],
    });
    expect((await shop.call('/o/timeline')).body['total']).toBe(2);
    const colleague = { headers, claims: { sub: 'a colleague' } };
    expect((await shop.patch('/o/stock-status', { is_stock_updated: false }, colleague)).body).toMatchObject({ success: true, is_stock_updated: false });
    expect((await shop.call('/o/timeline')).body['total']).toBe(3);
  });

  it('keep an invoice id to one order of the account', async () => {
    const shop = world.shop();
    await shop.read(dayForms);
    await shop.patch('/o1/invoice-status', { has_invoice_created: true, invoice_id: 'FV/1' });
    expect((await shop.patch('/o2/invoice-status', { has_invoice_created: true, invoice_id: 'FV/1' })).body).toMatchObject({
      status: 409,
      code: 'INVOICE_ID_TAKEN',
    });
    expect((await shop.patch('/o2/invoice-status', { has_invoice_created: true, invoice_id: ' FV/1 ' })).body['code']).toBe('INVOICE_ID_TAKEN');
    expect((await shop.patch('/o2/invoice-status', { has_invoice_created: true, invoice_id: ' ' })).body).toMatchObject({
      errors: [{ field: 'invoice_id', message: 'must be longer than or equal to 1 characters' }],
    });
    expect((await shop.call('/o2/timeline')).body['total']).toBe(1);
    await shop.patch('/o1/invoice-status', { has_invoice_created: false });
    expect((await shop.patch('/o2/invoice-status', { has_invoice_created: true, invoice_id: 'FV/1' })).status).toBe(200);
  });

  it('set by many at once end in one of their values, each command recorded once', async () => {
    const shop = world.shop();
    await shop.read([inventedForm('o')]);
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => shop.patch('/o/invoice-status', { has_invoice_created: true, invoice_id: `FV/${String(n)}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { body } = await shop.call('/o/timeline');
    expect(body['total']).toBe(5);
    expect((await shop.call('/o/replay', { method: 'POST' })).body).toMatchObject({ differences: [] });
  });

  it.each([
    ['stock-status', {}, 'is_stock_updated'],
    ['stock-status', { is_stock_updated: 'true' }, 'is_stock_updated'],
    ['stock-status', { is_stock_updated: true, version: 1 }, 'version'],
    ['invoice-status', { has_invoice_created: true, invoice_id: '' }, 'invoice_id'],
    ['invoice-status', { has_invoice_created: true, invoice_id: 5 }, 'invoice_id'],
  ])('refuse on %s the body %j, naming %s', async (path, body, field) => {
    expect((await world.shop().patch(`/o/${path}`, body as JsonObject)).body).toMatchObject({ status: 422, errors: [{ field }] });
  });

  it('are summed up per account', async () => {
    const shop = world.shop();
    await shop.read(dayForms);
    await shop.patch('/o1/stock-status', { is_stock_updated: true });
    await shop.patch('/o2/stock-status', { is_stock_updated: false });
    const { body } = await shop.call('/technical-flags/summary');
    expect(body).toEqual({
      token_id: shop.tokenId,
      summary: {
        total_orders_with_flags: 2, stock_updated_orders: 1, invoices_created_orders: 0, stock_updated_percentage: 50, invoices_created_percentage: 0,
        total_orders: 3, stock_pending: 2, invoices_pending: 3,
      },
      generated_at: expect.stringMatching(/Z$/),
    }); // prettier-ignore
    expect((await world.shop().call('/technical-flags/summary')).body).toMatchObject({ summary: { total_orders: 0, stock_updated_percentage: 0 } });
  });
});
