import type { PoolClient } from 'pg';
import { endLine, eventLine, type ExportedEvent, type ExportedHead, sealLine, streamLine } from './log-export.js';
import { SealsReadModel } from './seals.read-model.js';

/** Streams read at once: some 2,000 events of a few kB each. */
const STREAMS_PER_PAGE = 300;
const SEALS_PER_PAGE = 200;

const EVENTS = `select stream_id as "streamId", version, account_id as "accountId", order_id as "orderId", type, source,
  schema_version as "schemaVersion", dedup_key as "dedupKey", occurred_at as "occurredAt", observed_at as "observedAt", recorded_at as "recordedAt",
  payload::text as payload, sealed, actor, causation_id as "causationId", trace_id as "traceId", prev_hash as "prevHash", hash, epoch, xid::text as xid, seq
  from event_log.order_events where stream_id = any ($1::bigint[]) order by stream_id, version`;
const HEADS = `select stream_id as "streamId", account_id as "accountId", order_id as "orderId", version, tip_hash as "tipHash"
  from event_log.streams where account_id = $1 and stream_id > $2 order by streams.stream_id limit ${STREAMS_PER_PAGE}`;

/** Reads the log of an account as lines of NDJSON: each head with its events, then the seals. Personal data stays sealed. */
export class LogExport {
  constructor(private readonly client: Pick<PoolClient, 'query'>) {}

  async *lines(accountId: string): AsyncGenerator<string> {
    // One snapshot: what is appended meanwhile must not look like a cut. Reading takes no transaction id and holds no reader back.
    await this.client.query('begin transaction isolation level repeatable read read only');
    let lines = 0;
    for await (const line of this.content(accountId)) {
      lines += 1;
      yield line;
    }
    yield endLine(lines);
    await this.client.query('commit');
  }

  private async *content(accountId: string): AsyncGenerator<string> {
    let after = '-1';
    for (;;) {
      const heads = await this.query<ExportedHead>(HEADS, [accountId, after]);
      const last = heads.at(-1);
      if (!last) break;
      const events = Map.groupBy(await this.query<ExportedEvent>(EVENTS, [heads.map((head) => head.streamId)]), (event) => event.streamId);
      for (const head of heads) {
        yield streamLine(head);
        for (const event of events.get(head.streamId) ?? []) yield eventLine(event);
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
