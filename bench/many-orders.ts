import type pg from 'pg';
import { onDatabase } from './stage.js';

/** Tables of the reads, each after what its rows are counted from. */
const TABLES = ['event_log.streams', 'orders', 'order_facts', 'order_documents', 'order_search', 'order_line_items', 'order_technical_flags'];
/** The log's own tables let nobody switch their triggers off. */
const PROJECTIONS = TABLES.filter((table) => !table.startsWith('event_log.'));
/** What three digits of an id tell apart. */
const MOST_COPIES = 0xfff;
/** Two years of orders. */
const SPREAD_DAYS = 730;

/** The columns of a table but those the database computes from others. */
const COLUMNS = `select attname as name, attidentity <> '' as identity from pg_attribute
  where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`;

/** Rows are copied from where no copies come to: a table that grows would be read whole, again and again. */
const modelsOf = (table: string): string => `models_of_${table.replaceAll('.', '_')}`;

/** In what the n-th copy of a row differs from its model: its ids, and the time it was bought. */
const changed = (days: number): Readonly<Record<string, string>> => ({
  stream_id: 't.stream_id + $1::bigint * $2::bigint',
  // In place of the version of a random UUID, which is always 4.
  order_id: `overlay(t.order_id placing '8' || lpad(to_hex($1::int), 3, '0') from 15 for 4)`,
  ordered_at: `t.ordered_at - $1::int * interval '${String(days)} days'`,
  invoice_id: `t.invoice_id || '/' || $1::int`,
  line_item_id: `t.line_item_id || '-' || $1::int`,
});

/** @returns the statement that adds the $1-th copy of every model to this table; $2 is the span of the models' stream ids */
async function copyOf(owner: pg.Client, table: string, days: number): Promise<string> {
  const { rows } = await owner.query<{ name: string; identity: boolean }>(COLUMNS, [table]);
  if (rows.length === 0) throw new Error(`there is no table ${table}`);
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => changed(days)[name] ?? `t.${name}`);
  const overriding = rows.some(({ identity }) => identity) ? 'overriding system value ' : '';
  await owner.query(`create temporary table ${modelsOf(table)} as select * from ${table} where stream_id in (select stream_id from orders)`);
  return `insert into ${table} (${names.join(', ')}) ${overriding}select ${values.join(', ')} from ${modelsOf(table)} t`;
}

const INDEXES = `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
  where indrelid = any ($1::regclass[]) and not indisunique`;

/** Without triggers and with the indexes built at the end, as every bulk load is done; what triggers count is counted anew. */
async function inBulk(owner: pg.Client, accountId: string, fill: () => Promise<void>): Promise<void> {
  const { rows: indexes } = await owner.query<{ name: string; definition: string }>(INDEXES, [PROJECTIONS]);
  for (const { name } of indexes) await owner.query(`drop index ${name}`);
  for (const table of PROJECTIONS) await owner.query(`alter table ${table} disable trigger user`);
  await fill();
  await owner.query(`set maintenance_work_mem = '1GB'`);
  for (const { definition } of indexes) await owner.query(definition);
  for (const table of PROJECTIONS) await owner.query(`alter table ${table} enable trigger user`);
  await owner.query('select recount_orders($1), recount_order_statistics($1)', [accountId]);
}

/**
 * Fills an account with copies of its orders, without their events, until it has `total`: a million through the sandbox would take hours
 * and add nothing to what is measured. The database is vacuumed and analysed, as autovacuum leaves it.
 */
export async function multiplyOrders(ownerUrl: string, total: number): Promise<void> {
  await onDatabase(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ models: number; span: string; accountId: string }>(
      `select count(*)::int as models, (select max(stream_id) from event_log.streams) as span, min(account_id) as "accountId" from orders`,
    );
    const { models, span, accountId } = rows[0] ?? { models: 0, span: '0', accountId: '0' };
    const copies = Math.max(0, Math.ceil(total / models) - 1);
    if (copies > MOST_COPIES) throw new Error(`${String(models)} orders cannot be copied ${String(copies)} times`);
    const statements: string[] = [];
    for (const table of TABLES) statements.push(await copyOf(owner, table, SPREAD_DAYS / (copies + 1)));
    await inBulk(owner, accountId, async () => {
      for (let copy = 1; copy <= copies; copy += 1) {
        for (const sql of statements) await owner.query(sql, [copy, span]);
      }
    });
    await owner.query(`select setval(pg_get_serial_sequence('event_log.streams', 'stream_id'), (select max(stream_id) from event_log.streams))`);
    await owner.query('vacuum analyze');
  });
}
