import { query, type Transaction } from '../platform/database/transaction.js';
import type { FeedPosition } from '../platform/event-log/feed.js';
import { belowHorizon } from '../platform/event-log/horizon.js';
import { GIVE_UP_AFTER } from './webhooks.store.js';

/** The same webhook, announcement and topic are the same delivery: writing it twice writes it once. */
const DELIVERY_ID = `substring(encode(sha256(convert_to(concat_ws(':', w.id, o.epoch, o.xid, o.seq, t.topic), 'UTF8')), 'hex') for 32)::uuid`;
/** Versions of an order ascend; its topics of one version follow each other. An announcement has three topics at most. */
const SEQUENCE = `o.version::bigint * 10 + t.place - 1`;

const DELIVERY = `insert into webhook_deliveries (id, webhook_id, topic, epoch, xid, seq, account_id, order_id, version, sequence, changed, announced_at, give_up_at)
  select ${DELIVERY_ID}, w.id, t.topic, o.epoch, o.xid, o.seq, o.account_id, o.order_id, o.version, ${SEQUENCE}, o.changed, o.announced_at, now() + ${GIVE_UP_AFTER}`;
const WANTED = `cross join lateral unnest(o.topics) with ordinality t (topic, place)
  where (cardinality(w.event_types) = 0 or t.topic = any (w.event_types)) and (cardinality(w.account_ids) = 0 or o.account_id = any (w.account_ids))`;

/** Where the fan-out stands; null while another process is at it. Holds the row until the transaction ends. */
export async function lockFeed(tx: Transaction): Promise<FeedPosition | null> {
  const [row] = await query<FeedPosition>(tx, `select epoch, xid::text as xid, seq from webhook_feed for update skip locked`);
  return row ?? null;
}

/** Where the fan-out stands, whoever is at it. */
export async function feedPlace(tx: Transaction): Promise<FeedPosition> {
  const [row] = await query<FeedPosition>(tx, `select epoch, xid::text as xid, seq from webhook_feed`);
  if (!row) throw new Error('the place of the webhooks in the feed is gone');
  return row;
}

/** Turns the next announcements into deliveries and moves the feed behind them. @returns how many announcements there were */
export async function fanOut(tx: Transaction, after: FeedPosition, limit: number): Promise<number> {
  const [row] = await query<{ read: number }>(
    tx,
    `with batch as materialized (
       select * from event_log.outbox o where (o.epoch, o.xid, o.seq) > ($1, $2::xid8, $3) and ${belowHorizon('o')}
       order by o.epoch, o.xid, o.seq limit $4),
     owed as (
       ${DELIVERY} from batch o join accounts a on a.id = o.account_id
       join webhooks w on w.tenant_id = a.tenant_id and w.state = 'active' and (o.epoch, o.xid, o.seq) >= (w.since_epoch, w.since_xid, w.since_seq)
       ${WANTED} order by o.epoch, o.xid, o.seq, t.place
       on conflict (id) do nothing),
     moved as (
       update webhook_feed f set epoch = l.epoch, xid = l.xid, seq = l.seq from (select * from batch b order by b.epoch desc, b.xid desc, b.seq desc limit 1) l)
     select count(*)::int as read from batch`,
    [after.epoch, after.xid, after.seq, limit],
  );
  return row?.read ?? 0;
}

/** A webhook whose replay goes on; null when none is asked for, or other processes are at them. */
export async function lockReplay(tx: Transaction): Promise<string | null> {
  const [row] = await query<{ id: string }>(tx, `select id from webhooks where replay_since is not null order by id limit 1 for update skip locked`);
  return row?.id ?? null;
}

/**
 * Owes the next announcements of a replay again, each under the id it always had; those behind the feed's place come by themselves.
 * @returns false when the replay has reached its end
 */
export async function replayNext(tx: Transaction, webhookId: string, limit: number): Promise<boolean> {
  const [row] = await query<{ read: number }>(
    tx,
    `with w as materialized (select * from webhooks where id = $1),
     batch as materialized (
       select o.* from w cross join webhook_feed f join accounts a on a.tenant_id = w.tenant_id cross join lateral (
         select * from event_log.outbox o where o.account_id = a.id and o.announced_at >= w.replay_since
           and (o.epoch, o.xid, o.seq) > (w.replay_epoch, w.replay_xid, w.replay_seq) and (o.epoch, o.xid, o.seq) <= (f.epoch, f.xid, f.seq)
         order by o.epoch, o.xid, o.seq limit $2) o
       order by o.epoch, o.xid, o.seq limit $2),
     owed as (
       ${DELIVERY} from batch o cross join w ${WANTED} order by o.epoch, o.xid, o.seq, t.place
       on conflict (id) do update set state = 'owed', failures = 0, next_attempt_at = now(), give_up_at = excluded.give_up_at, finished_at = null
         where webhook_deliveries.state <> 'owed'),
     moved as (
       update webhooks r set replay_epoch = l.epoch, replay_xid = l.xid, replay_seq = l.seq
       from (select * from batch b order by b.epoch desc, b.xid desc, b.seq desc limit 1) l where r.id = $1)
     select count(*)::int as read from batch`,
    [webhookId, limit],
  );
  if (row?.read === limit) return true;
  await query(tx, `update webhooks set replay_since = null, replay_epoch = null, replay_xid = null, replay_seq = null where id = $1`, [webhookId]);
  return false;
}
