import { expect } from '@jest/globals';
import type { Calls } from './foreign-client.js';

const ORDERS = '/api/v1/orders';
const FLAGS = { is_stock_updated: 'boolean', has_invoice_created: 'boolean', invoice_id: 'string|null' };
const ORDER = {
  id: 'string',
  status: 'string',
  buyer: 'object',
  lineItems: 'list',
  summary: 'object',
  db_id: 'string',
  token_id: 'uuid',
  allegro_order_id: 'string',
  db_created_at: 'instant',
  db_updated_at: 'instant',
  technical_flags: FLAGS,
};
const PAGINATION = { total: 'number', limit: 'number', offset: 'number', has_next: 'boolean', has_prev: 'boolean' };
const FILTERS = { stock_updated: 'boolean|null', invoice_created: 'boolean|null', invoice_id: 'string|null' };
const LIST = { success: 'boolean', orders: [ORDER] as const, pagination: PAGINATION };

const idsOf = (answer: Readonly<Record<string, unknown>>): unknown[] => (answer['orders'] as Record<string, unknown>[]).map(({ id }) => id);

export const ORDER_CALLS: Calls = {
  'GET /api/v1/orders': async (client) => {
    const shape = { ...LIST, filters: { ...FILTERS, status: 'string|null', from_date: 'instant|null', to_date: 'instant|null' } };
    const all = await client.bothForms(ORDERS, shape, client.account);
    expect(all['pagination']).toMatchObject({ limit: 50, offset: 0, has_prev: false });
    expect((all['orders'] as Record<string, unknown>[])[0]).toMatchObject(client.account);
    const page = await client.get(`${ORDERS}/`, shape, { ...client.account, limit: 2, offset: 2, stock_updated: false, invoice_created: false });
    expect([page['pagination'], idsOf(page).length]).toEqual([expect.objectContaining({ limit: 2, offset: 2, has_prev: true, has_next: true }), 2]);
    expect(page['filters']).toMatchObject({ stock_updated: false, invoice_created: false });
    const dated = async (from: string, to: string) => client.get(ORDERS, shape, { ...client.account, from_date: from, to_date: to });
    const everything = await dated('2020-01-01T00:00:00+01:00', '2100-01-01T00:00:00');
    expect(everything['filters']).toMatchObject({ from_date: '2019-12-31T23:00:00.000Z', to_date: '2100-01-01T00:00:00.000Z' });
    expect((everything['pagination'] as Record<string, unknown>)['total']).toBe((all['pagination'] as Record<string, unknown>)['total']);
    expect(idsOf(await client.get(ORDERS, shape, { ...client.account, invoice_id: 'FV/1' }))).toEqual([client.id('order_id')]);
    await client.refused(422, client.send('GET', ORDERS, { query: { ...client.account, limit: 101 } }));
    await client.refused(422, client.send('GET', ORDERS));
  },
  'GET /api/v1/orders/search': async (client) => {
    const found = {
      ...LIST,
      orders: [{ ...ORDER, relevance_score: 'number' }] as const,
      filters: { ...FILTERS, search_query: 'string', search_type: 'string' },
    };
    const query = { ...client.account, query: client.id('order_id'), limit: 1000, stock_updated: false };
    expect(idsOf(await client.get(`${ORDERS}/search`, found, query))).toEqual([client.id('order_id')]);
    await client.refused(422, client.send('GET', `${ORDERS}/search`, { query: { ...client.account, query: 'ab' } }));
  },
  'GET /api/v1/orders/statistics': async (client) => {
    const shape = {
      period_days: 'number',
      total_orders: 'number',
      recent_orders: 'number',
      status_distribution: 'object',
      financial: { total_revenue: 'number', average_order_value: 'number', orders_with_revenue: 'number', by_currency: 'object' },
      top_buyers: [{ email: 'string', orders_count: 'number', total_spent: 'number' }] as const,
      generated_at: 'instant',
    };
    expect(await client.get(`${ORDERS}/statistics/`, shape, client.account)).toMatchObject({ period_days: 30 });
    expect(await client.get(`${ORDERS}/statistics`, shape, { ...client.account, days: 365 })).toMatchObject({ period_days: 365 });
    await client.refused(422, client.send('GET', `${ORDERS}/statistics`, { query: { ...client.account, days: 366 } }));
  },
  'GET /api/v1/orders/events': async (client) => {
    const event = { id: 'string', type: 'string', occurredAt: 'string', order: 'object' };
    const shape = { events: [event] as const, total_count: 'number', has_more: 'boolean', error: 'null' };
    const all = await client.get(`${ORDERS}/events`, shape, { ...client.account, limit: 1000 });
    expect((all['events'] as unknown[]).length).toBeGreaterThan(0);
    const none = await client.get(`${ORDERS}/events`, shape, { ...client.account, from_timestamp: '2100-01-01T00:00:00' });
    expect(none['events']).toEqual([]);
  },
  'GET /api/v1/orders/sync/history': async (client) => {
    const run = {
      id: 'string',
      sync_type: 'string',
      status: 'string',
      started_at: 'instant',
      completed_at: 'instant|null',
      orders_processed: 'number',
      orders_created: 'number',
      orders_updated: 'number',
      orders_failed: 'number',
      error_message: 'string|null',
      duration_seconds: 'number|null',
    };
    const answer = await client.get(`${ORDERS}/sync/history`, { history: [run], total_records: 'number' }, { ...client.account, limit: 200 });
    expect(answer['total_records']).toBeGreaterThan(0);
  },
  'GET /api/v1/orders/data-quality': async (client) => {
    const numbers = ['total_orders', 'orders_with_issues', 'missing_data_ratio', 'regression_ratio', 'anomaly_score'];
    await client.get(
      `${ORDERS}/data-quality`,
      {
        health_metrics: { ...Object.fromEntries(numbers.map((name) => [name, 'number'])), last_successful_sync: 'instant|null', critical_issues: 'number' },
        quality_report: {
          period: 'string',
          start_date: 'instant',
          end_date: 'instant',
          total_sync_events: 'number',
          daily_metrics: 'list',
          top_issues: 'list',
          recommendations: ['string'],
        },
        generated_at: 'instant',
      },
      client.account,
    );
  },
  'GET /api/v1/orders/{order_id}': async (client) => {
    const shape = { success: 'boolean', order: ORDER, orders: [ORDER] as const, pagination: PAGINATION };
    const answer = await client.bothForms(`${ORDERS}/${client.id('order_id')}`, shape, client.account);
    expect(answer).toMatchObject({ success: true, order: { id: client.id('order_id') }, pagination: { total: 1 } });
    await client.refused(404, client.send('GET', `${ORDERS}/unheard-of`, { query: client.account }));
  },
  'POST /api/v1/orders/{order_id}/sync': async (client) => {
    const shape = { success: 'boolean', order_id: 'string', action: 'string', message: 'string' };
    const answer = await client.post(`${ORDERS}/${client.id('order_id')}/sync`, shape, { query: client.account });
    expect(['created', 'updated', 'skipped']).toContain(answer['action']);
  },
  'PATCH /api/v1/orders/{order_id}/stock-status': async (client) => {
    const [orderId] = client.stage.world.sandbox
      .orders(client.stage.world.sandbox.sellers()[0]?.id ?? '')
      .map(({ id }) => String(id))
      .slice(-2);
    const shape = { success: 'boolean', order_id: 'string', is_stock_updated: 'boolean', updated_at: 'instant', message: 'string' };
    const call = { query: client.account, body: { is_stock_updated: true } };
    expect(await client.change('PATCH', `${ORDERS}/${orderId ?? ''}/stock-status`, shape, call)).toMatchObject({ success: true, is_stock_updated: true });
    await client.refused(422, client.send('PATCH', `${ORDERS}/${orderId ?? ''}/stock-status`, { query: client.account, body: { is_stock_updated: 'yes' } }));
  },
  'PATCH /api/v1/orders/{order_id}/invoice-status': async (client) => {
    const shape = {
      success: 'boolean',
      order_id: 'string',
      has_invoice_created: 'boolean',
      invoice_id: 'string|null',
      updated_at: 'instant',
      message: 'string',
    };
    const path = `${ORDERS}/${client.id('order_id')}/invoice-status`;
    const set = await client.change('PATCH', path, shape, { query: client.account, body: { has_invoice_created: true, invoice_id: 'FV/1' } });
    expect(set).toMatchObject({ has_invoice_created: true, invoice_id: 'FV/1' });
    expect(await client.change('PATCH', path, shape, { query: client.account, body: { has_invoice_created: true } })).toMatchObject({ invoice_id: 'FV/1' });
  },
  'GET /api/v1/orders/{order_id}/technical-flags': async (client) => {
    const flags = { ...FLAGS, created_at: 'instant|null', updated_at: 'instant|null' };
    await client.get(`${ORDERS}/${client.id('order_id')}/technical-flags`, { order_id: 'string', technical_flags: flags }, client.account);
  },
  'GET /api/v1/orders/technical-flags/summary': async (client) => {
    const names = ['total_orders_with_flags', 'stock_updated_orders', 'invoices_created_orders', 'stock_updated_percentage', 'invoices_created_percentage'];
    const summary = Object.fromEntries([...names, 'total_orders', 'stock_pending', 'invoices_pending'].map((name) => [name, 'number']));
    await client.get(`${ORDERS}/technical-flags/summary`, { token_id: 'uuid', summary, generated_at: 'instant' }, client.account);
  },
  'GET /api/v1/orders/debug/statuses': async (client) => {
    await client.get(`${ORDERS}/debug/statuses`, { available_statuses: ['string'], description: 'string', user_id: 'string' }, client.account);
  },
  'GET /api/v1/orders/debug/health': async (client) => {
    const texts = Object.fromEntries(['status', 'user_id', 'database_connection', 'allegro_api_status'].map((name) => [name, 'string']));
    await client.get(`${ORDERS}/debug/health`, { ...texts, last_sync: 'instant|null', orders_count: 'number', check_time: 'instant' }, client.account);
  },
};
