const ZONE = 'Europe/Warsaw';
/** More writers of one account at the same time than this wait for each other; a sync of an account is one writer. */
const SLOTS = 16;

/** What the sums count of an order `o` and its facts `f`, once for each sign. Cut, because an index takes no more: no real status or currency is as long. */
const contribution = (sign: string) => `${sign} as sign, o.account_id, (o.ordered_at at time zone '${ZONE}')::date as day,
    left(coalesce(o.marketplace, ''), 100) as marketplace, left(coalesce(o.status, ''), 100) as status,
    left(coalesce(o.fulfillment_status, ''), 100) as fulfillment_status,
    case when o.total_amount is null then '' else left(coalesce(o.total_currency, ''), 100) end as currency,
    case when o.total_currency is not null then o.total_amount end as amount, f.buyer, f.offers, f.sent_minutes, f.picked_up_minutes`;

/** `limit 1` keeps the planner from joining whole tables: a function's plan is kept from a time when they were empty. */
const factsOf = (row: string) => `left join lateral (select * from order_facts where stream_id = ${row}.stream_id limit 1) f on true`;
const orderOf = (row: string) => `cross join lateral (select * from orders where stream_id = ${row}.stream_id limit 1) o`;

const upsert = (table: string, keys: string, sums: readonly string[], rows: string) => {
  const sumsList = sums.join(', ');
  const added = sums.map((sum) => `${sum} = t.${sum} + excluded.${sum}`).join(', ');
  const totals = sums.map((sum) => `sum(${sum}) as ${sum}`).join(', ');
  return `insert into ${table} as t (${keys}, slot, ${sumsList})
    select ${keys}, slot, ${totals} from (${rows}) c group by ${keys}, slot having ${sums.map((sum) => `sum(${sum}) <> 0`).join(' or ')} order by ${keys}
    on conflict (${keys}, slot) do update set ${added}`;
};

const SALES = upsert(
  'order_day_sales',
  'account_id, day, marketplace, status, fulfillment_status, currency',
  ['orders', 'priced', 'amount'],
  `select account_id, slot, day, marketplace, status, fulfillment_status, currency, sign as orders, case when amount is null then 0 else sign end as priced,
     coalesce(sign * amount, 0) as amount from changed`,
);
const OFFERS = upsert(
  'order_day_offers',
  'account_id, grain, day, offer_id, marketplace, currency',
  ['orders', 'quantity', 'amount'],
  `select account_id, slot, g.grain::"char", case g.grain when 'd' then day else date_trunc('month', day)::date end as day, x ->> 0 as offer_id, marketplace,
     x ->> 1 as currency, sign as orders, sign * (x ->> 2)::numeric as quantity, sign * (x ->> 3)::numeric as amount
   from changed, jsonb_array_elements(offers) x, (values ('d'), ('m')) g (grain) where status <> 'CANCELLED'`,
);
const BUYERS = upsert(
  'order_day_buyers',
  'account_id, day, buyer, marketplace, currency',
  ['orders', 'cancelled', 'amount'],
  `select account_id, slot, day, buyer, marketplace, currency, sign as orders, case status when 'CANCELLED' then sign else 0 end as cancelled,
     case status when 'CANCELLED' then 0 else coalesce(sign * amount, 0) end as amount
   from changed where buyer is not null`,
);
const DURATIONS = upsert(
  'order_day_durations',
  'account_id, milestone, day, marketplace, minutes',
  ['orders'],
  `select account_id, slot, m.milestone::"char", day, marketplace, m.minutes, sign as orders
   from changed, lateral (values ('s', sent_minutes), ('p', picked_up_minutes)) m (milestone, minutes) where m.minutes is not null and status <> 'CANCELLED'`,
);

/** Adds what changed to the sums; the sales know nothing of facts. */
const addUp = (changes: string, withSales: boolean) => `
     with change as materialized (${changes}),
     slots as materialized (select account_id, statistics_slot(account_id) as slot from (select distinct account_id from change order by 1) a),
     changed as materialized (select * from change join slots using (account_id)),
     ${withSales ? `sales as (${SALES}),` : ''}
     offers as (${OFFERS}),
     buyers as (${BUYERS})
     ${DURATIONS};`;

const summing = (name: string, empty: string, changes: string, withSales: boolean) => `create function ${name}() returns trigger language plpgsql
   security definer set search_path = public, pg_temp as $$
   begin
     if not exists (select from ${empty}) then return null; end if;
     ${addUp(changes, withSales)}
     return null;
   end $$`;

const COLUMNS = ['status', 'fulfillment_status', 'marketplace', 'total_amount', 'total_currency', 'ordered_at', 'merged_into'];
const FACTS = ['buyer', 'offers', 'sent_minutes', 'picked_up_minutes'];
const differs = (columns: readonly string[]) =>
  `(${columns.map((column) => `b.${column}`).join(', ')}) is distinct from (${columns.map((column) => `a.${column}`).join(', ')})`;
const signs = (columns: readonly string[]) => `
       select b.*, -1 as sign from were b join are a using (stream_id) where ${differs(columns)} union all
       select a.*, 1 as sign from were b join are a using (stream_id) where ${differs(columns)}`;

const onOrders = (rows: string) => `select ${contribution('o.sign')} from (${rows}) o ${factsOf('o')} where o.merged_into is null`;
const onFacts = (rows: string) => `select ${contribution('f.sign')} from (${rows}) f ${orderOf('f')} where o.merged_into is null`;

const trigger = (name: string, table: string, event: string, rows: string) =>
  `create trigger ${name} after ${event} on ${table} referencing ${rows} for each statement execute function ${name}()`;

export const STATISTICS_FUNCTIONS: readonly string[] = [
  // Rows of a slot are written by one transaction at a time: nobody waits for a hot day, nobody meets another in the wrong order.
  // The first lock holds off a recount, which must see all or nothing of a writer.
  `create function statistics_slot(p_account bigint) returns smallint language plpgsql set search_path = pg_catalog, pg_temp as $$
   begin
     perform pg_advisory_xact_lock_shared(hashtextextended('statistics', p_account));
     for slot in 0 .. ${String(SLOTS - 1)} loop
       if pg_try_advisory_xact_lock(hashtextextended('statistics:' || slot, p_account)) then return slot; end if;
     end loop;
     perform pg_advisory_xact_lock(hashtextextended('statistics:0', p_account));
     return 0;
   end $$`,

  // The sums are those of orders and facts as they are now: whichever of both changes, what it said before is taken away and what it says now is added.
  summing('sum_orders_born', 'are', onOrders('select *, 1 as sign from are'), true),
  summing('sum_orders_changed', 'are', onOrders(signs(COLUMNS)), true),
  summing('sum_orders_gone', 'were', onOrders('select *, -1 as sign from were'), true),
  summing('sum_facts_born', 'are', onFacts('select *, 1 as sign from are'), false),
  summing('sum_facts_changed', 'are', onFacts(signs(FACTS)), false),
  summing('sum_facts_gone', 'were', onFacts('select *, -1 as sign from were'), false),
  trigger('sum_orders_born', 'orders', 'insert', 'new table as are'),
  trigger('sum_orders_changed', 'orders', 'update', 'old table as were new table as are'),
  trigger('sum_orders_gone', 'orders', 'delete', 'old table as were'),
  trigger('sum_facts_born', 'order_facts', 'insert', 'new table as are'),
  trigger('sum_facts_changed', 'order_facts', 'update', 'old table as were new table as are'),
  trigger('sum_facts_gone', 'order_facts', 'delete', 'old table as were'),

  // p_rows: one object per order, {"stream_id", "is_erased", "offers", "names": [[offer id, name]], "ordered_at", "ready_at", ...}. Runs as its owner:
  // whoever projects orders must not be able to write sums.
  `create function project_order_facts(p_account bigint, p_rows jsonb) returns void language plpgsql security definer set search_path = public, pg_temp as $$
   begin
     insert into order_facts as f (stream_id, account_id, buyer, offers, ready_at, sent_at, sent_minutes, picked_up_at, picked_up_minutes)
     select i.stream_id, p_account, case when not i.is_erased then substr(k.buyer_ref, 1, 8) end, i.offers, i.ready_at, i.sent_at, i.sent_minutes,
       i.picked_up_at, i.picked_up_minutes
     from jsonb_to_recordset(p_rows) as i (stream_id bigint, is_erased boolean, offers jsonb, ready_at timestamptz, sent_at timestamptz, sent_minutes int,
       picked_up_at timestamptz, picked_up_minutes int)
     left join lateral (select buyer_ref from vault.order_keys where stream_id = i.stream_id limit 1) k on true
     order by i.stream_id
     on conflict (stream_id) do update set buyer = excluded.buyer, offers = excluded.offers, ready_at = excluded.ready_at, sent_at = excluded.sent_at,
       sent_minutes = excluded.sent_minutes, picked_up_at = excluded.picked_up_at, picked_up_minutes = excluded.picked_up_minutes
     where (f.buyer, f.offers, f.ready_at, f.sent_at, f.sent_minutes, f.picked_up_at, f.picked_up_minutes) is distinct from
       (excluded.buyer, excluded.offers, excluded.ready_at, excluded.sent_at, excluded.sent_minutes, excluded.picked_up_at, excluded.picked_up_minutes);
     -- A name is written when it is new or a day newer, not at every order.
     insert into order_offers as n (account_id, offer_id, name, named_at)
     select distinct on (x ->> 0) p_account, x ->> 0, x ->> 1, i.ordered_at
     from jsonb_to_recordset(p_rows) as i (names jsonb, ordered_at timestamptz), jsonb_array_elements(i.names) x
     left join lateral (select name, named_at from order_offers where account_id = p_account and offer_id = x ->> 0 limit 1) known on true
     where known.name is null or i.ordered_at > known.named_at and (x ->> 1 <> known.name or i.ordered_at > known.named_at + interval '1 day')
     order by x ->> 0, i.ordered_at desc
     on conflict (account_id, offer_id) do update set name = excluded.name, named_at = excluded.named_at where n.named_at < excluded.named_at;
   end $$`,

  // The sums of an account anew from its orders and facts, while its writers wait.
  `create function recount_order_statistics(p_account bigint) returns void language plpgsql security definer set search_path = public, pg_temp as $$
   begin
     perform pg_advisory_xact_lock(hashtextextended('statistics', p_account));
     delete from order_day_sales where account_id = p_account;
     delete from order_day_offers where account_id = p_account;
     delete from order_day_buyers where account_id = p_account;
     delete from order_day_durations where account_id = p_account;
     ${addUp(`select ${contribution('1')} from orders o left join order_facts f using (stream_id) where o.account_id = p_account and o.merged_into is null`, true)}
   end $$`,
];
