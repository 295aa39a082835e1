import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { CHAIN_ACCOUNT_OF_EVENT, CHAIN_ACCOUNT_OF_STREAM, CHAIN_OF_EVENT, CHAIN_OF_STREAM } from './chain-account.js';
import { type ChainFlaw, type ClaimedEvent, type ClaimedHead, verifyStream } from './verify-chain.js';

/** Streams read at once: some 2,000 events of a few kB each, a few MB of memory. */
const STREAMS_PER_PAGE = 300;

interface HeadRecord extends ClaimedHead {
  readonly streamId: string;
}

type EventRecord = ClaimedEvent & { readonly streamId: string };

export interface VerificationReport {
  readonly verified: boolean;
  readonly streams: number;
  readonly events: number;
  /** The first event of each stream that is not what was appended. */
  readonly flaws: ChainFlaw[];
}

/** Which streams: of one account, of one order of it, or (neither given) all. */
export interface VerificationScope {
  readonly accountId?: string;
  readonly orderId?: string;
}

const EVENTS_OF_STREAMS = `select e.stream_id as "streamId", e.version, ${CHAIN_ACCOUNT_OF_EVENT} as "accountId", e.order_id as "orderId", e.type, e.source,
  e.schema_version as "schemaVersion", e.dedup_key as "dedupKey", e.occurred_at as "occurredAt", e.observed_at as "observedAt",
  e.recorded_at as "recordedAt", e.payload::text as payload, e.sealed, e.actor, e.causation_id as "causationId", e.trace_id as "traceId",
  e.prev_hash as "prevHash", e.hash
  from event_log.order_events e ${CHAIN_OF_EVENT} where e.stream_id = any ($1::bigint[]) order by e.stream_id, e.version`;

/** Recomputes the hash chain from the stored bytes; reads only. */
@Injectable()
export class ChainVerifier {
  constructor(@Inject(Database) private readonly database: Pick<Database, 'query'>) {}

  /** @param watch called after each page with the streams checked so far; what it throws ends the verification */
  async verify(scope: VerificationScope, watch?: (streams: number) => Promise<void>): Promise<VerificationReport> {
    const flaws: ChainFlaw[] = [];
    let streams = 0;
    let events = 0;
    let after = '-1';
    for (;;) {
      const heads = await this.heads(scope, after);
      const last = heads.at(-1);
      if (!last) return { verified: flaws.length === 0, streams, events, flaws };
      const stored = await this.events(heads);
      for (const head of heads) {
        const flaw = verifyStream(head, stored.get(head.streamId) ?? []);
        if (flaw) flaws.push(flaw);
      }
      streams += heads.length;
      events += heads.reduce((sum, head) => sum + (stored.get(head.streamId)?.length ?? 0), 0);
      after = last.streamId;
      await watch?.(streams);
    }
  }

  /** How many streams a verification of that scope reads. */
  async size({ accountId, orderId }: VerificationScope): Promise<number> {
    const [row] = await this.database.query<{ streams: number }>(
      `select count(*)::float8 as streams from event_log.streams where ($1::bigint is null or account_id = $1) and ($2::text is null or order_id = $2)`,
      [accountId ?? null, orderId ?? null],
    );
    return row?.streams ?? 0;
  }

  private async heads(scope: VerificationScope, after: string): Promise<HeadRecord[]> {
    return this.database.query<HeadRecord>(
      `select s.stream_id as "streamId", ${CHAIN_ACCOUNT_OF_STREAM} as "accountId", s.order_id as "orderId", s.version, s.tip_hash as "tipHash"
       from event_log.streams s ${CHAIN_OF_STREAM}
       where s.stream_id > $1 and ($2::bigint is null or s.account_id = $2) and ($3::text is null or s.order_id = $3) order by s.stream_id limit $4`,
      [after, scope.accountId ?? null, scope.orderId ?? null, STREAMS_PER_PAGE],
    );
  }

  private async events(heads: readonly HeadRecord[]): Promise<Map<string, EventRecord[]>> {
    const rows = await this.database.query<EventRecord>(EVENTS_OF_STREAMS, [heads.map((head) => head.streamId)]);
    return Map.groupBy<string, EventRecord>(rows, (row) => row.streamId);
  }
}
