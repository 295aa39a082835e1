import type pg from 'pg';

/** Two accounts whose orders are spread as those of a seller at work: most are sent and invoiced, few wait. The same rows every time. */
const ORDERS = 20_000;
const ACCOUNTS = ['1', '2'];

const one = (values: readonly string[], expression: string) => `(array[${values.map((value) => `'${value}'`).join(', ')}])[1 + (${expression})]`;
const ROWS = `select a::bigint * 1000000 + n as stream_id, a::bigint as account_id, lpad(to_hex(n * 2654435761 % 4294967296), 8, '0') || '-0000-4000-8000-' || lpad(n::text, 12, '0') as order_id,
    case when n % 20 < 17 then 'READY_FOR_PROCESSING' else ${one(['BOUGHT', 'FILLED_IN', 'CANCELLED'], 'n % 3')} end as status,
    case when n % 40 = 0 then 'NEW' when n % 5 = 0 then 'PICKED_UP' else 'SENT' end as fulfillment_status,
    case when n % 100 = 0 then 'allegro-cz' when n % 997 = 0 then 'allegro-hu' else 'allegro-pl' end as marketplace,
    case when n % 7 = 0 then 'CASH_ON_DELIVERY' else 'ONLINE' end as payment_type, 'Method ' || n % 30 as delivery_method,
    timestamptz '2026-11-01 00:00Z' - n * interval '17 minutes' as ordered_at, n % 50 <> 0 as stock, n % 33 <> 0 as invoice
  from unnest($1::text[]) a, generate_series(1, $2::int) n`;

const STATEMENTS: readonly string[] = [
  `insert into event_log.streams (stream_id, account_id, order_id, version, tip_hash, recorded_at) overriding system value
     select stream_id, account_id, order_id, 1, '\\x00', ordered_at from planned`,
  `insert into orders (stream_id, account_id, order_id, version, status, fulfillment_status, payment_type, delivery_method, marketplace, ordered_at, dispatch_by,
       created_at, updated_at)
     select stream_id, account_id, order_id, 1, status, fulfillment_status, payment_type, delivery_method, marketplace, ordered_at, ordered_at + interval '2 days',
       ordered_at, ordered_at + stream_id % 1000 * interval '1 hour' from planned`,
  `insert into order_documents (stream_id, account_id, version, document, fold) select stream_id, account_id, 1, '{}', '{}' from planned`,
  `insert into order_technical_flags (stream_id, account_id, order_id, ordered_at, is_stock_updated, has_invoice_created, invoice_id, created_at)
     select stream_id, account_id, order_id, ordered_at, stock, invoice, case when invoice then 'FV/' || stream_id end, ordered_at from planned`,
  `insert into order_search (stream_id, account_id, email, login, names, codes, text, ordered_at)
     select stream_id, account_id, 'buyer' || n || '@example.com', 'login' || n, ' nobody' || n % 900, array['sku-' || n % 400],
       left(order_id, 8) || ' nobody' || n % 900 || ' login' || n || ' buyer' || n || '@example.com sku-' || n % 400 || ' invented mug ' || n % 7, ordered_at
     from (select *, stream_id % 1000000 as n from planned) p`,
];
const TABLES = ['event_log.streams', 'orders', 'order_documents', 'order_technical_flags', 'order_search', 'order_counts'];

/** Writes the orders as the database's owner, and tells the planner of them. */
export async function plannedOrders(owner: pg.Client): Promise<void> {
  await owner.query(`create temporary table planned as ${ROWS}`, [ACCOUNTS, ORDERS]);
  for (const statement of STATEMENTS) await owner.query(statement);
  for (const account of ACCOUNTS) await owner.query('select fold_order_counts($1)', [account]);
  for (const table of TABLES) await owner.query(`vacuum analyze ${table}`);
}
