/** The columns by which lists count without reading orders, of an order `o` and its flags `f`. */
const OF_ORDER = ['status', 'fulfillment_status', 'marketplace', 'payment_type', 'delivery_method'];
const OF_FLAGS = ['is_stock_updated', 'has_invoice_created'];
const COLUMNS = ['account_id', ...OF_ORDER, ...OF_FLAGS, 'has_flags'].join(', ');

const orderOf = (row: string) => OF_ORDER.map((column) => `${row}.${column}`).join(', ');
const flagsOf = (row: string) => `${OF_FLAGS.map((column) => `${row}.${column}`).join(', ')}, ${row}.created_at is not null`;

/**
 * `limit 1` keeps the planner from joining whole tables: a function's plan is kept from a time when they were empty.
 * An order that was replaced counts in its successor.
 */
const THE_ORDER = (row: string) => `cross join lateral (select * from orders where stream_id = ${row}.stream_id limit 1) o`;
const THE_FLAGS = (row: string) => `cross join lateral (select * from order_technical_flags where stream_id = ${row}.stream_id limit 1) f`;

const counted = (name: string, changes: string) => `create function ${name}() returns trigger language plpgsql security definer
   set search_path = public, pg_temp as $$
   begin
     insert into order_counts (${COLUMNS}, orders)
     select ${COLUMNS}, sum(n) from (${changes}) as c (${COLUMNS}, n) group by ${COLUMNS} having sum(n) <> 0;
     return null;
   end $$`;

const ALL_ORDERS = `select o.account_id, ${orderOf('o')}, ${flagsOf('f')}, 1 from orders o join order_technical_flags f using (stream_id) where o.merged_into is null`;

export const ORDER_COUNTS: readonly string[] = [
  // How many orders of an account are alike in what lists filter by: sums, and changes since that are added up when asked and folded into sums
  // now and then. Only inserted into, so no writer waits for another; counted in the writer's transaction, so a total is never behind its list.
  `create table order_counts (
     account_id bigint not null,
     status text,
     fulfillment_status text,
     marketplace text,
     payment_type text,
     delivery_method text,
     is_stock_updated boolean not null,
     has_invoice_created boolean not null,
     has_flags boolean not null,
     orders int not null,
     is_sum boolean not null default false
   )`,
  `create index order_counts_of_account on order_counts (account_id)`,
  `create index order_counts_unfolded on order_counts (account_id) where not is_sum`,
  `insert into order_counts (${COLUMNS}, orders, is_sum) select ${COLUMNS}, sum(n), true from (${ALL_ORDERS}) as c (${COLUMNS}, n) group by ${COLUMNS}`,

  // Each change is counted by one trigger only: an order is born with its flags, and two changes of one order never run at the same time,
  // because the version of its stream lets one of them through.
  counted('count_born_orders', `select o.account_id, ${orderOf('o')}, ${flagsOf('f')}, 1 from born f ${THE_ORDER('f')} where o.merged_into is null`),
  counted(
    'count_changed_flags',
    `select o.account_id, ${orderOf('o')}, ${flagsOf('f')}, f.n
       from (select *, -1 as n from were union all select *, 1 from are) f ${THE_ORDER('f')} where o.merged_into is null`,
  ),
  counted(
    'count_changed_orders',
    `select o.account_id, ${orderOf('o')}, ${flagsOf('f')}, o.n
       from (select *, -1 as n from were union all select *, 1 from are) o ${THE_FLAGS('o')} where o.merged_into is null`,
  ),
  `create trigger count_born_orders after insert on order_technical_flags referencing new table as born
     for each statement execute function count_born_orders()`,
  `create trigger count_changed_flags after update on order_technical_flags referencing old table as were new table as are
     for each statement execute function count_changed_flags()`,
  `create trigger count_changed_orders after update on orders referencing old table as were new table as are
     for each statement execute function count_changed_orders()`,

  // One statement, so one snapshot: changes that commit meanwhile are neither added nor removed.
  `create function fold_order_counts(p_account bigint) returns void language plpgsql security definer set search_path = public, pg_temp as $$
   begin
     if not pg_try_advisory_xact_lock(hashtextextended('order_counts', p_account)) then return; end if;
     with folded as (delete from order_counts where account_id = p_account returning *)
     insert into order_counts (${COLUMNS}, orders, is_sum)
     select ${COLUMNS}, sum(orders), true from folded group by ${COLUMNS} having sum(orders) <> 0;
   end $$`,
  // What a count from the orders themselves says instead; an account whose counts differ is counted anew.
  `create function recount_orders(p_account bigint) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
   declare differs boolean; begin
     perform pg_advisory_xact_lock(hashtextextended('order_counts', p_account));
     with kept as (delete from order_counts where account_id = p_account returning *),
     summed as (select ${COLUMNS}, sum(orders) as orders from kept group by ${COLUMNS} having sum(orders) <> 0),
     true_counts as (select ${COLUMNS}, sum(n) as orders from (${ALL_ORDERS} and o.account_id = p_account) as c (${COLUMNS}, n) group by ${COLUMNS}),
     written as (insert into order_counts (${COLUMNS}, orders, is_sum) select ${COLUMNS}, orders, true from true_counts)
     select exists (select * from true_counts except select * from summed) or exists (select * from summed except select * from true_counts) into differs;
     return differs;
   end $$`,

  `revoke all on function count_born_orders(), count_changed_flags(), count_changed_orders(), fold_order_counts(bigint), recount_orders(bigint) from public`,
  `grant execute on function fold_order_counts(bigint), recount_orders(bigint) to order_service`,
  `grant select on order_counts to order_service`,

  // A page by any filter is read from an index in its order.
  `create index orders_by_marketplace on orders (account_id, marketplace, ordered_at desc, stream_id desc)`,
  `create index orders_by_payment on orders (account_id, payment_type, ordered_at desc, stream_id desc)`,
  `create index orders_by_delivery on orders (account_id, delivery_method, ordered_at desc, stream_id desc)`,
  `create index orders_by_dispatch on orders (account_id, dispatch_by) where dispatch_by is not null`,
];
