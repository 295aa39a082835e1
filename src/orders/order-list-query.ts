/** What a list of orders is filtered by; null: not at all. Both ends of the dates count. */
export interface OrderFilter {
  /** Matches either axis: Allegro's status or the seller's fulfilment. */
  readonly status: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly stockUpdated: boolean | null;
  readonly invoiceCreated: boolean | null;
  readonly invoiceId: string | null;
  /** Columns of the list row that must equal these values. */
  readonly columns?: Readonly<Partial<Record<FilterColumn, string>>>;
  readonly dispatchFrom?: Date | null;
  readonly dispatchTo?: Date | null;
}

export type FilterColumn = 'status' | 'fulfillment_status' | 'marketplace' | 'payment_type' | 'delivery_method';
const FILTER_COLUMNS: readonly FilterColumn[] = ['status', 'fulfillment_status', 'marketplace', 'payment_type', 'delivery_method'];

/** By the order date, or by our last change of the order; newest first. */
export type ListSort = 'bought' | 'updated';

/** Where a page begins: behind this order, or after `offset` rows. */
export interface ListPage {
  readonly limit: number;
  readonly offset: number;
  readonly sort?: ListSort;
  readonly after?: { readonly sortedAt: string; readonly streamId: string } | null;
}

export interface BoundSql {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Bound parameters, numbered as they are added. */
class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    this.values.push(value);
    return `$${String(this.values.length)}`;
  }
}

const usesFlags = (filter: OrderFilter) => filter.stockUpdated !== null || filter.invoiceCreated !== null || filter.invoiceId !== null;

/** The flags table leads where one of its partial indexes holds the few rows that match; else the order's own page index does. */
function leads(filter: OrderFilter, sort: ListSort): 'f' | 'o' {
  if (sort === 'updated') return 'o';
  const isRare = filter.stockUpdated === false || filter.invoiceCreated === false || filter.invoiceId !== null;
  return isRare && filter.status === null ? 'f' : 'o';
}

/** Written as literals: only so is the partial index sure to be chosen for a plan that is kept. */
function flagConditions(filter: OrderFilter, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (filter.stockUpdated !== null) conditions.push(filter.stockUpdated ? 'f.is_stock_updated' : 'not f.is_stock_updated');
  if (filter.invoiceCreated !== null) conditions.push(filter.invoiceCreated ? 'f.has_invoice_created' : 'not f.has_invoice_created');
  if (filter.invoiceId !== null) conditions.push(`f.invoice_id = ${parameters.add(filter.invoiceId)}`);
  return conditions;
}

function sharedConditions(filter: OrderFilter, lead: string, account: string, parameters: Parameters): string[] {
  const conditions = [`o.account_id = ${account}`, 'o.merged_into is null'];
  if (usesFlags(filter)) conditions.push(`f.account_id = ${account}`, ...flagConditions(filter, parameters));
  if (filter.from) conditions.push(`${lead}.ordered_at >= ${parameters.add(filter.from)}`);
  if (filter.to) conditions.push(`${lead}.ordered_at <= ${parameters.add(filter.to)}`);
  return conditions;
}

function columnConditions(filter: OrderFilter, parameters: Parameters): string[] {
  const conditions = FILTER_COLUMNS.flatMap((column) => {
    const value = filter.columns?.[column];
    return value === undefined ? [] : [`o.${column} = ${parameters.add(value)}`];
  });
  if (filter.dispatchFrom) conditions.push(`o.dispatch_by >= ${parameters.add(filter.dispatchFrom)}`);
  if (filter.dispatchTo) conditions.push(`o.dispatch_by <= ${parameters.add(filter.dispatchTo)}`);
  return conditions;
}

/** The matching rows as one select, or as two that do not overlap: a status matches either axis, and each axis has its own index. */
function matches(filter: OrderFilter, account: string, parameters: Parameters, { sort = 'bought', after = null }: Partial<ListPage>): string {
  const lead = leads(filter, sort);
  const sortedAt = `${lead}.${sort === 'updated' ? 'updated_at' : 'ordered_at'}`;
  const tables = usesFlags(filter) ? 'orders o join order_technical_flags f on f.stream_id = o.stream_id' : 'orders o';
  const conditions = [...sharedConditions(filter, lead, account, parameters), ...columnConditions(filter, parameters)];
  if (after) conditions.push(`(${sortedAt}, ${lead}.stream_id) < (${parameters.add(after.sortedAt)}::timestamptz, ${parameters.add(after.streamId)}::bigint)`);
  const select = `select ${lead}.stream_id, ${sortedAt} as sorted_at from ${tables} where ${conditions.join(' and ')}`;
  if (filter.status === null) return select;
  const status = parameters.add(filter.status);
  return `${select} and o.status = ${status} union all ${select} and o.fulfillment_status = ${status} and o.status is distinct from ${status}`;
}

/** Stream ids of one page, newest order first. The documents are fetched for these rows only, so a deep offset reads thin rows. */
export function pageQuery(accountId: string, filter: OrderFilter, page: ListPage): BoundSql {
  const parameters = new Parameters();
  const rows = matches(filter, parameters.add(accountId), parameters, page);
  const sql = `select stream_id, sorted_at from (${rows}) m order by sorted_at desc, stream_id desc limit ${parameters.add(page.limit)} offset ${parameters.add(page.offset)}`;
  return { sql, params: parameters.values };
}

export function countQuery(accountId: string, filter: OrderFilter): BoundSql {
  const parameters = new Parameters();
  const rows = matches(filter, parameters.add(accountId), parameters, {});
  return { sql: `select count(*)::int as total from (${rows}) m`, params: parameters.values };
}
