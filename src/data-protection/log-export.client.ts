import type { PoolClient } from 'pg';
import { CHAIN_ACCOUNT_OF_EVENT, CHAIN_ACCOUNT_OF_STREAM, CHAIN_OF_EVENT, CHAIN_OF_STREAM } from '../platform/event-log/chain-account.js';
import { type ArchivedKey, endLine, eventLine, type ExportedEvent, type ExportedHead, sealLine, streamLine } from './log-export.js';
import { SealsReadModel } from './seals.read-model.js';

/** Streams read at once: some 2,000 events of a few kB each. */
const STREAMS_PER_PAGE = 300;
const SEALS_PER_PAGE = 200;

const EVENTS = `select e.stream_id as "streamId", e.version, ${CHAIN_ACCOUNT_OF_EVENT} as "accountId", e.order_id as "orderId", e.type, e.source,
  e.schema_version as "schemaVersion", e.dedup_key as "dedupKey", e.occurred_at as "occurredAt", e.observed_at as "observedAt",
  e.recorded_at as "recordedAt", e.payload::text as payload, e.sealed, e.actor, e.causation_id as "causationId", e.trace_id as "traceId",
  e.prev_hash as "prevHash", e.hash, e.epoch, e.xid::text as xid, e.seq
  from event_log.order_events e ${CHAIN_OF_EVENT} where e.stream_id = any ($1::bigint[]) order by e.stream_id, e.version`;
const HEADS = `select s.stream_id as "streamId", ${CHAIN_ACCOUNT_OF_STREAM} as "accountId", s.order_id as "orderId", s.version, s.tip_hash as "tipHash",
  s.content_version as "contentVersion", s.content_revision as "contentRevision"
  from event_log.streams s ${CHAIN_OF_STREAM} where s.account_id = $1 and s.stream_id > $2 order by s.stream_id limit ${String(STREAMS_PER_PAGE)}`;

/** The keys that travel with streams and with single events; an export of the log alone has none. */
export interface TravellingKeys {
  of(streamIds: readonly string[]): Promise<{ ofStream(streamId: string): ArchivedKey | undefined; ofEvent(event: ExportedEvent): ArchivedKey | undefined }>;
}

const NO_KEYS: TravellingKeys = { of: () => Promise.resolve({ ofStream: () => undefined, ofEvent: () => undefined }) };

/** Reads the log of an account as lines of NDJSON: each head with its events, then the seals. Personal data stays sealed. */
export class LogExport {
  constructor(
    private readonly client: Pick<PoolClient, 'query'>,
    private readonly keys: TravellingKeys = NO_KEYS,
  ) {}

  async *lines(accountId: string): AsyncGenerator<string> {
    // One snapshot: what is appended meanwhile must not look like a cut. Reading takes no transaction id and holds no reader back.
    await this.client.query('begin transaction isolation level repeatable read read only');
    yield* this.snapshot(accountId);
    await this.client.query('commit');
  }

  /** As {@link lines}, within the snapshot that the caller opened. */
  async *snapshot(accountId: string): AsyncGenerator<string> {
    let lines = 0;
    for await (const line of this.content(accountId)) {
      lines += 1;
      yield line;
    }
    yield endLine(lines);
  }

  private async *content(accountId: string): AsyncGenerator<string> {
    let after = '-1';
    for (;;) {
      const heads = await this.query<ExportedHead>(HEADS, [accountId, after]);
      const last = heads.at(-1);
      if (!last) break;
      const streamIds = heads.map((head) => head.streamId);
      const events = Map.groupBy(await this.query<ExportedEvent>(EVENTS, [streamIds]), (event) => event.streamId);
      const keys = await this.keys.of(streamIds);
      for (const head of heads) {
        yield streamLine(head, keys.ofStream(head.streamId));
        for (const event of events.get(head.streamId) ?? []) yield eventLine(event, keys.ofEvent(event));
      }
      after = last.streamId;
    }
    yield* this.seals(accountId);
  }

  private async *seals(accountId: string): AsyncGenerator<string> {
    const seals = new SealsReadModel({ query: (sql, params) => this.query(sql, params ?? []) });
    let after = '0';
    for (;;) {
      const page = await seals.page(after, SEALS_PER_PAGE);
      const last = page.at(-1);
      if (!last) return;
      const parts = Map.groupBy(
        await seals.parts(
          page.map((seal) => seal.number),
          accountId,
        ),
        (part) => part.number,
      );
      for (const seal of page) yield sealLine(seal, parts.get(seal.number) ?? [], accountId);
      after = last.number;
    }
  }

  private async query<Row>(sql: string, params: readonly unknown[]): Promise<Row[]> {
    return (await this.client.query(sql, [...params])).rows as Row[];
  }
}
