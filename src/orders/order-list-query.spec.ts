import { describe, expect, it } from '@jest/globals';
import { countQuery, type Lead, type OrderFilter, pageQuery } from './order-list-query.js';

const ALL: OrderFilter = { status: null, from: null, to: null, stockUpdated: null, invoiceCreated: null, invoiceId: null };
const page = (changes: Partial<OrderFilter>, lead: Lead = 'orders') => pageQuery('7', { ...ALL, ...changes }, { limit: 50, offset: 100, lead });

describe('the SQL of a list of orders', () => {
  it('reads the page index of the account alone when nothing is filtered', () => {
    expect(page({})).toEqual({
      sql: 'select stream_id, sorted_at from (select o.stream_id, o.ordered_at as sorted_at from orders o where o.account_id = $1 and o.merged_into is null) m order by sorted_at desc, stream_id desc limit 50 offset $2',
      params: ['7', 100],
    });
  });

  it.each<[Partial<OrderFilter>, Lead, string, string]>([
    [{ stockUpdated: false }, 'flags', 'select f.stream_id, f.ordered_at', 'not f.is_stock_updated'],
    [{ invoiceCreated: false, stockUpdated: true }, 'flags', 'select f.stream_id, f.ordered_at', 'f.is_stock_updated and not f.has_invoice_created'],
    [{ invoiceId: 'FV/1' }, 'flags', 'select f.stream_id, f.ordered_at', 'f.invoice_id = $2'],
    [{ stockUpdated: true, status: 'SENT' }, 'orders', 'select o.stream_id, o.ordered_at', 'f.is_stock_updated'],
    [{ status: 'SENT' }, 'flags', 'select o.stream_id, o.ordered_at', 'o.status'],
  ])('for %j is led by the %s', (filter, lead, select, condition) => {
    const { sql } = page(filter, lead);
    expect(sql).toContain(select);
    expect(sql).toContain(condition);
  });

  it('binds every value and keeps both tables to the account', () => {
    const { sql, params } = countQuery(
      '7',
      { ...ALL, status: "x' or 1=1", invoiceId: "'; drop", from: new Date(0), to: new Date(1), stockUpdated: false },
      'orders',
    );
    expect(params).toEqual(['7', "'; drop", new Date(0), new Date(1), "x' or 1=1"]);
    expect(sql).not.toMatch(/drop|1=1/);
    expect(sql.match(/o\.account_id = \$1 and o\.merged_into is null and f\.account_id = \$1/g)).toHaveLength(2);
  });

  it('counts an order once whose two statuses are the same', () => {
    expect(page({ status: 'CANCELLED' }).sql).toContain('o.status = $2 order by');
    expect(page({ status: 'CANCELLED' }).sql).toContain('o.fulfillment_status = $2 and o.status is distinct from $2');
  });
});
