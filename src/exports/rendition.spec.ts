import { describe, expect, it } from '@jest/globals';
import { type ExportFormat, renditionOf } from './rendition.js';

const order = {
  id: 'o-1',
  allegro_order_id: 'o-1',
  status: 'READY_FOR_PROCESSING',
  buyer: { login: '=cmd|calc', phoneNumber: '+48 600', companyName: 'Żuk; "Spółka", z o.o.' },
  summary: { totalToPay: { amount: '12345678901234567.10', currency: 'PLN' } },
  payment: { paidAmount: { amount: '-0.10', currency: 'PLN' }, finishedAt: '2026-03-01T10:05:00+01:00' },
  lineItems: [{ quantity: 2, offer: { id: '7', name: 'Brick' }, boughtAt: '2026-03-01T10:00:00.000+01:00' }],
  technical_flags: { is_stock_updated: false, has_invoice_created: true, invoice_id: 'FV/1' },
};
const DEFAULT = { delimiter: ',', bom: false } as const;

function whole(format: ExportFormat, jsons: readonly string[], options: Parameters<typeof renditionOf>[1] = DEFAULT): string {
  const rendition = renditionOf(format, options);
  return rendition.head + jsons.map((json, place) => rendition.order(json, place)).join('') + rendition.foot(jsons.length);
}

function cellsOf(json: object): Record<string, string | undefined> {
  const [names = '', cells = ''] = whole('csv', [JSON.stringify(json)]).split('\r\n');
  const split = (line: string) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  const values = split(cells);
  return Object.fromEntries(split(names).map((name, index) => [String(name), values[index]]));
}

describe('an export as CSV', () => {
  it('keeps every digit of an amount, names times in UTC and defuses formulas in texts alone', () => {
    expect(cellsOf(order)).toMatchObject({
      order_id: 'o-1',
      bought_at: '2026-03-01T09:00:00.000Z',
      total_amount: '12345678901234567.10',
      paid_amount: '-0.10',
      paid_at: '2026-03-01T09:05:00.000Z',
      buyer_login: "'=cmd|calc",
      buyer_phone: "'+48 600",
      buyer_company: 'Żuk; "Spółka", z o.o.',
      line_items: '1',
      quantity: '2',
      offers: '2 x Brick (7)',
      is_stock_updated: 'false',
      has_invoice_created: 'true',
      invoice_id: 'FV/1',
      note: '',
    });
  });

  it('names columns that are never renamed, moved or taken away', () => {
    const [names] = whole('csv', []).split('\r\n');
    expect(names).toBe(
      'order_id,bought_at,status,fulfillment_status,marketplace,total_amount,total_currency,payment_type,payment_provider,paid_at,paid_amount,paid_currency,' +
        'buyer_id,buyer_login,buyer_email,buyer_first_name,buyer_last_name,buyer_company,buyer_phone,delivery_method,delivery_cost_amount,' +
        'delivery_cost_currency,delivery_first_name,delivery_last_name,delivery_company,delivery_street,delivery_zip_code,delivery_city,delivery_country,' +
        'delivery_phone,pickup_point_id,pickup_point_name,dispatch_from,dispatch_by,invoice_required,invoice_company,invoice_tax_id,line_items,quantity,' +
        'offers,message_to_seller,note,is_stock_updated,has_invoice_created,invoice_id,merged_into,version,created_at,updated_at',
    );
  });

  it('reads an order in which nothing is as expected', () => {
    expect(
      cellsOf({ allegro_order_id: 'o', buyer: 'x', lineItems: 'y', summary: { totalToPay: { amount: '=1' } }, payment: { finishedAt: '-never' } }),
    ).toMatchObject({
      buyer_login: '',
      line_items: '0',
      total_amount: "'=1",
      paid_at: "'-never",
    });
  });

  it('begins with a byte order mark where asked to, and has the delimiter asked for', () => {
    expect(whole('csv', [], { delimiter: ';', bom: true })).toMatch(/^\uFEFForder_id;bought_at;/);
  });
});

describe('an export as JSON', () => {
  it.each([0, 1, 3])('is one document with %i orders', (count) => {
    const jsons = Array.from({ length: count }, () => JSON.stringify(order));
    expect(JSON.parse(whole('json', jsons))).toEqual({ success: true, orders: Array.from({ length: count }, () => order), total: count });
  });

  it('has one line for each order as NDJSON, however the document was written', () => {
    const lines = whole('ndjson', [JSON.stringify(order, null, 2), '{\r\n"a":"b\\nc"}'])
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([order, { a: 'b\nc' }]);
  });
});
