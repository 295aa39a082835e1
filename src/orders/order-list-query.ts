import { type BoundSql, BoundParameters } from './bound-sql.js';

/** The three flag filters of lists; null: not at all. */
export interface FlagFilter {
  readonly stockUpdated: boolean | null;
  readonly invoiceCreated: boolean | null;
  readonly invoiceId: string | null;
}

/** What a list of orders is filtered by; null: not at all. Both ends of the dates count. */
export interface OrderFilter extends FlagFilter {
  /** Matches either axis: Allegro's status or the seller's fulfilment. */
  readonly status: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
  /** Columns of the list row that must equal these values. */
  readonly columns?: Readonly<Partial<Record<FilterColumn, string>>>;
  readonly dispatchFrom?: Date | null;
  readonly dispatchTo?: Date | null;
}

export type FilterColumn = 'status' | 'fulfillment_status' | 'marketplace' | 'payment_type' | 'delivery_method';
export const FILTER_COLUMNS: readonly FilterColumn[] = ['status', 'fulfillment_status', 'marketplace', 'payment_type', 'delivery_method'];

/** By the order date, or by our last change of the order; newest first. */
export type ListSort = 'bought' | 'updated';

/** Where a page begins: behind this order, or after `offset` rows. */
export interface ListPage {
  readonly limit: number;
  readonly offset: number;
  readonly sort?: ListSort;
  readonly lead?: Lead;
  readonly after?: { readonly sortedAt: string; readonly streamId: string } | null;
}

/** Which rows are walked: those that match the flags or those that match the rest, whichever are fewer; the others are looked up. */
export type Lead = 'flags' | 'orders';

const usesFlags = (filter: OrderFilter) => filter.stockUpdated !== null || filter.invoiceCreated !== null || filter.invoiceId !== null;

/** Written as literals: a plan that is kept is made for the value asked for, one flag being rare where the other is not. */
export function flagConditions({ stockUpdated, invoiceCreated, invoiceId }: FlagFilter, row: string, parameters: BoundParameters): string[] {
  const conditions: string[] = [];
  if (stockUpdated !== null) conditions.push(`${stockUpdated ? '' : 'not '}${row}.is_stock_updated`);
  if (invoiceCreated !== null) conditions.push(`${invoiceCreated ? '' : 'not '}${row}.has_invoice_created`);
  if (invoiceId !== null) conditions.push(`${row}.invoice_id = ${parameters.add(invoiceId)}`);
  return conditions;
}

function sharedConditions(filter: OrderFilter, lead: string, account: string, parameters: BoundParameters): string[] {
  const conditions = [`o.account_id = ${account}`, 'o.merged_into is null'];
  if (usesFlags(filter)) conditions.push(`f.account_id = ${account}`, ...flagConditions(filter, 'f', parameters));
  if (filter.from) conditions.push(`${lead}.ordered_at >= ${parameters.add(filter.from)}`);
  if (filter.to) conditions.push(`${lead}.ordered_at <= ${parameters.add(filter.to)}`);
  return conditions;
}

function columnConditions(filter: OrderFilter, parameters: BoundParameters): string[] {
  const conditions = FILTER_COLUMNS.flatMap((column) => {
    const value = filter.columns?.[column];
    return value === undefined ? [] : [`o.${column} = ${parameters.add(value)}`];
  });
  if (filter.dispatchFrom) conditions.push(`o.dispatch_by >= ${parameters.add(filter.dispatchFrom)}`);
  if (filter.dispatchTo) conditions.push(`o.dispatch_by <= ${parameters.add(filter.dispatchTo)}`);
  return conditions;
}

/** The table whose rows are walked, by its alias, and the column that orders them. */
function walkOf(filter: OrderFilter, { sort, lead }: Partial<ListPage>): { readonly lead: string; readonly sortedAt: string } {
  if (sort === 'updated') return { lead: 'o', sortedAt: 'o.updated_at' };
  const alias = lead === 'flags' && usesFlags(filter) ? 'f' : 'o';
  return { lead: alias, sortedAt: `${alias}.ordered_at` };
}

/** The matching rows as one select, or as two that do not overlap: a status matches either axis, and each axis has its own index. */
function matches(filter: OrderFilter, account: string, parameters: BoundParameters, page: Partial<ListPage>): string[] {
  const { lead, sortedAt } = walkOf(filter, page);
  const tables = usesFlags(filter) ? 'orders o join order_technical_flags f on f.stream_id = o.stream_id' : 'orders o';
  const conditions = [...sharedConditions(filter, lead, account, parameters), ...columnConditions(filter, parameters)];
  if (page.after) {
    const place = `(${parameters.add(page.after.sortedAt)}::timestamptz, ${parameters.add(page.after.streamId)}::bigint)`;
    conditions.push(`(${sortedAt}, ${lead}.stream_id) < ${place}`);
  }
  const select = `select ${lead}.stream_id, ${sortedAt} as sorted_at from ${tables} where ${conditions.join(' and ')}`;
  if (filter.status === null) return [select];
  const status = parameters.add(filter.status);
  return [`${select} and o.status = ${status}`, `${select} and o.fulfillment_status = ${status} and o.status is distinct from ${status}`];
}

/**
 * Stream ids of one page, newest order first. The documents are fetched for these rows only, so a deep offset reads thin rows.
 * Each of two selects ends where the page does: the planner would sort all that match. The limit is a literal, because a plan that is
 * kept for any limit would be made for a tenth of the account.
 */
export function pageQuery(accountId: string, filter: OrderFilter, page: ListPage): BoundSql {
  const parameters = new BoundParameters();
  const selects = matches(filter, parameters.add(accountId), parameters, page);
  const newest = 'order by sorted_at desc, stream_id desc';
  const skipped = page.offset === 0 ? { here: '', within: '' } : skipping(parameters.add(page.offset));
  const limit = String(page.limit);
  const rows = selects.length === 1 ? selects : selects.map((select) => `(${select} ${newest} limit ${limit}${skipped.within})`);
  return { sql: `select stream_id, sorted_at from (${rows.join(' union all ')}) m ${newest} limit ${limit}${skipped.here}`, params: parameters.values };
}

const skipping = (offset: string) => ({ here: ` offset ${offset}`, within: ` + ${offset}::bigint` });

/** Counts the rows themselves: for what {@link ./order-counts.js} does not hold. */
export function countQuery(accountId: string, filter: OrderFilter, lead: Lead): BoundSql {
  const parameters = new BoundParameters();
  const rows = matches(filter, parameters.add(accountId), parameters, { lead });
  return { sql: `select count(*)::int as total from (${rows.join(' union all ')}) m`, params: parameters.values };
}
