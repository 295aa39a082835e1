import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../core/json.js';
import { Database } from '../database/database.js';
import { query, type Transaction } from '../database/transaction.js';
import { joinPersonalData } from '../vault/personal-data.js';
import { eventOwner, OrderKeys } from '../vault/order-keys.js';
import type { RecordedEvent } from './events.js';

interface EventRecord extends RecordedEvent {
  readonly accountId: string;
  readonly sealed: Buffer | null;
  readonly wrappedKey: Buffer | null;
  readonly hasOwnKey: boolean;
}

/** Which events of a stream: up to a version, an instant of recording (what we knew) or of occurring (what was true). */
export interface StreamRange {
  readonly recordedUntil?: Date;
  readonly occurredUntil?: Date;
}

const EVENT_COLUMNS = `e.stream_id as "streamId", e.version, e.account_id as "accountId", e.order_id as "orderId", e.type, e.source,
  e.schema_version as "schemaVersion", e.dedup_key as "dedupKey", e.occurred_at as "occurredAt", e.observed_at as "observedAt",
  e.recorded_at as "recordedAt", e.payload, e.sealed, e.actor, e.causation_id as "causationId", e.trace_id as "traceId",
  ek.dedup_key is not null as "hasOwnKey", case when ek.dedup_key is null then k.wrapped_key else ek.wrapped_key end as "wrappedKey"`;

const STREAMS = `select ${EVENT_COLUMNS} from event_log.streams s
    join event_log.order_events e on e.stream_id = s.stream_id
    left join vault.order_keys k on k.stream_id = s.stream_id
    left join vault.event_keys ek on s.order_id = '' and ek.stream_id = e.stream_id and ek.dedup_key = e.dedup_key
  where s.account_id = $1 and s.order_id = any ($2)
    and ($3::timestamptz is null or e.recorded_at <= $3) and ($4::timestamptz is null or e.occurred_at <= $4)
  order by s.stream_id, e.version`;

const parametersOf = (accountId: string, orderIds: readonly string[], { recordedUntil, occurredUntil }: StreamRange): unknown[] => [
  accountId,
  orderIds,
  recordedUntil ?? null,
  occurredUntil ?? null,
];

/** Reads streams back from the log, personal values joined again (or shown as erased). */
@Injectable()
export class EventReader {
  constructor(
    private readonly database: Database,
    private readonly keys: OrderKeys,
  ) {}

  /** All events of one stream in version order; empty when the stream does not exist. */
  async stream(accountId: string, orderId: string, range: StreamRange = {}): Promise<RecordedEvent[]> {
    return (await this.streams(accountId, [orderId], range)).get(orderId) ?? [];
  }

  /** As {@link stream} for several orders in one query; orders the log does not know are missing. Some tens of them weigh some hundred kilobytes. */
  async streams(accountId: string, orderIds: readonly string[], range: StreamRange = {}): Promise<Map<string, RecordedEvent[]>> {
    const records = await this.database.query<EventRecord>(STREAMS, parametersOf(accountId, orderIds, range));
    return Map.groupBy(
      records.map((record) => this.open(record)),
      ({ orderId }) => orderId,
    );
  }

  /** As {@link stream}, as the transaction sees it. */
  async streamIn(tx: Transaction, accountId: string, orderId: string): Promise<RecordedEvent[]> {
    return (await query<EventRecord>(tx, STREAMS, parametersOf(accountId, [orderId], {}))).map((record) => this.open(record));
  }

  private open(record: EventRecord): RecordedEvent {
    const { accountId, sealed, wrappedKey, hasOwnKey, ...event } = record;
    const owner = hasOwnKey ? eventOwner(event.dedupKey) : event.orderId;
    const personal = this.keys.openPersonal(accountId, owner, { wrappedKey, sealed });
    const payload: JsonObject = joinPersonalData(event.payload, personal);
    return { ...event, payload };
  }
}
