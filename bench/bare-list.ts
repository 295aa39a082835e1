// The list of orders as a bare server answers it: node:http, pg and the service's own SQL, nothing else. A process of its own.
import { createServer } from 'node:http';
import pg from 'pg';
import { orderJson } from '../src/orders/order-json.js';
import { orderCountsQuery } from '../src/orders/order-counts.js';
import { ORDERS_TO_RENDER } from '../src/orders/rendered-orders.service.js';
import { pageStatesQuery } from '../src/orders/orders.read-model.js';
import { orderViewOf, type OrderViewRow } from '../src/orders/order-view-row.js';

const [databaseUrl = '', accountId = '', poolSize = '10', limit = '50'] = process.argv.slice(2);
const ALL = { status: null, from: null, to: null, stockUpdated: null, invoiceCreated: null, invoiceId: null };

const pool = new pg.Pool({ connectionString: databaseUrl, max: Number(poolSize) });
const counts = orderCountsQuery(accountId, ALL);
const page = pageStatesQuery(accountId, ALL, { limit: Number(limit) + 1, offset: 0 });

/** Named, so that its plan is kept as the service keeps it. */
async function ask<Row extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
  return (await pool.query<Row>({ name, text, values: [...values] })).rows;
}

async function answer(): Promise<string> {
  const [total] = await ask<{ matching: number }>('counts', counts.sql, counts.params);
  const states = await ask<{ streamId: string }>('page', page.sql, page.params);
  const shown = states.slice(0, Number(limit)).map(({ streamId }) => streamId);
  const rows = await ask<OrderViewRow>('orders', ORDERS_TO_RENDER, [shown]);
  const orders = new Map(rows.map((row) => [row.streamId, orderJson(orderViewOf(row), null)]));
  return `{"orders":[${shown.map((streamId) => orders.get(streamId)).join(',')}],"pagination":{"total":${String(total?.matching)}}}`;
}

const server = createServer((request, response) => {
  request.resume();
  answer().then(
    (body) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ listening: `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}` });
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void pool.end().then(() => process.disconnect());
});
