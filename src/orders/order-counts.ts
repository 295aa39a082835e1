import { type BoundSql, BoundParameters } from './bound-sql.js';
import { FILTER_COLUMNS, flagConditions, type Lead, type OrderFilter } from './order-list-query.js';

/** How many orders of an account match a filter, its flags alone, and the rest of it alone; dates and invoice ids are not among what is counted. */
export interface OrderCounts {
  readonly matching: number;
  readonly byFlags: number;
  readonly byColumns: number;
}

/** Sums of the counts kept with every change: hundreds of small rows, however many orders there are. */
export function orderCountsQuery(accountId: string, filter: OrderFilter): BoundSql {
  const parameters = new BoundParameters();
  const account = parameters.add(accountId);
  const flags = allOf(flagConditions({ ...filter, invoiceId: null }, 'c', parameters));
  const columns = allOf(columnsOf(filter, parameters));
  const sum = (condition: string) => `coalesce(sum(c.orders) filter (where ${condition}), 0)::int`;
  return {
    sql: `select ${sum(`${flags} and ${columns}`)} as matching, ${sum(flags)} as "byFlags", ${sum(columns)} as "byColumns"
      from order_counts c where c.account_id = ${account}`,
    params: parameters.values,
  };
}

const allOf = (conditions: readonly string[]) => (conditions.length === 0 ? 'true' : conditions.join(' and '));

function columnsOf({ status, columns }: OrderFilter, parameters: BoundParameters): string[] {
  const equal = FILTER_COLUMNS.flatMap((column) => {
    const value = columns?.[column];
    return value === undefined ? [] : [`c.${column} = ${parameters.add(value)}`];
  });
  if (status === null) return equal;
  const either = parameters.add(status);
  return [...equal, `(c.status = ${either} or c.fulfillment_status = ${either})`];
}

/** Whether the counts alone tell the total. */
export function isCounted({ from, to, dispatchFrom, dispatchTo, invoiceId }: OrderFilter): boolean {
  return [from, to, dispatchFrom ?? null, dispatchTo ?? null, invoiceId].every((part) => part === null);
}

/** The fewer rows lead; an invoice id is of one order. */
export function leadOf(filter: OrderFilter, { byFlags, byColumns }: OrderCounts): Lead {
  return filter.invoiceId !== null || byFlags < byColumns ? 'flags' : 'orders';
}
