import { createPublicKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { FeedPosition } from '../platform/event-log/feed.js';
import { ExportCheck } from './export-check.js';
import { type ExportedEvent, type ExportedHead, type ExportLine, readExportLine } from './log-export.js';
import type { LogFlaw, LogReport } from './log-flaw.js';
import { isWronglySigned } from './seal-signature.js';

/** Streams read at once: some 2,000 events of a few kB each. */
const STREAMS_PER_PAGE = 300;
const SEALS_PER_PAGE = 50;
const PLACE_BYTES = 20;

interface ImportRow {
  readonly accountId: string;
  readonly publicKey: string | null;
  /** How many the archive had. */
  readonly seals: number;
}

type OriginRow = ExportedHead & { readonly here: string; readonly places: Buffer };
type EventRow = Omit<ExportedEvent, keyof FeedPosition | 'accountId' | 'streamId'> & { readonly here: string };

/** What the installation an account comes from had proved of it, proved again here. */
export interface ImportedProof extends Pick<LogReport, 'seals' | 'sealedEvents'> {
  readonly flaws: readonly LogFlaw[];
}

const ORIGINS = `select o.stream_id as here, o.origin_stream_id as "streamId", o.chain_account_id as "accountId", s.order_id as "orderId", o.version,
  o.tip_hash as "tipHash", null as "contentVersion", null as "contentRevision", o.places
  from event_log.stream_origins o join event_log.streams s on s.stream_id = o.stream_id
  where o.account_id = $1 and o.stream_id > $2 order by o.stream_id limit ${String(STREAMS_PER_PAGE)}`;
const EVENTS = `select e.stream_id as here, e.version, e.order_id as "orderId", e.type, e.source, e.schema_version as "schemaVersion",
  e.dedup_key as "dedupKey", e.occurred_at as "occurredAt", e.observed_at as "observedAt", e.recorded_at as "recordedAt", e.payload::text as payload,
  e.sealed, e.actor, e.causation_id as "causationId", e.trace_id as "traceId", e.prev_hash as "prevHash", e.hash
  from event_log.order_events e join event_log.stream_origins o on o.stream_id = e.stream_id and e.version <= o.version
  where e.stream_id = any ($1::bigint[]) order by e.stream_id, e.version`;

/** An imported account's log as its origin sealed it; every event is where the origin's feed had it. */
@Injectable()
export class ImportedLogs {
  constructor(@Inject(Database) private readonly database: Pick<Database, 'query'>) {}

  /** Of one account, or (null) of all; null when none was imported. */
  async verify(accountId: string | null): Promise<ImportedProof | null> {
    const imports = await this.database.query<ImportRow>(
      `select account_id as "accountId", source ->> 'publicKey' as "publicKey", (source ->> 'seals')::int as seals from event_log.imports
       where $1::bigint is null or account_id = $1 order by imports.account_id`,
      [accountId],
    );
    const proofs: ImportedProof[] = [];
    for (const row of imports) proofs.push(await this.prove(row));
    if (proofs.length === 0) return null;
    const sum = (of: (proof: ImportedProof) => number) => proofs.reduce((total, proof) => total + of(proof), 0);
    return { seals: sum(({ seals }) => seals), sealedEvents: sum(({ sealedEvents }) => sealedEvents), flaws: proofs.flatMap(({ flaws }) => flaws) };
  }

  private async prove({ accountId, publicKey, seals: expected }: ImportRow): Promise<ImportedProof> {
    const check = new ExportCheck();
    const key = publicKey === null ? null : createPublicKey(publicKey);
    const ofSeals: LogFlaw[] = [];
    let lines = 0;
    for await (const line of this.lines(accountId)) {
      check.addLine(line);
      lines += 1;
      if (line.kind === 'seal' && isWronglySigned(line.sealed.seal, key)) ofSeals.push(sealFlaw('signature_wrong', line.sealed.seal.number));
    }
    check.addLine({ kind: 'end', lines });
    const { seals, sealedEvents, flaws } = check.report();
    // A tail that is gone is linked to by nothing.
    if (seals < expected) ofSeals.push(sealFlaw('seal_missing', String(expected)));
    return { seals, sealedEvents, flaws: [...ofSeals, ...flaws].map(ofOrigin) };
  }

  /** The log as its origin would export it: each head with its events, then the seals. */
  private async *lines(accountId: string): AsyncGenerator<ExportLine> {
    for await (const page of this.streams(accountId)) {
      for (const { head, events } of page) {
        yield { kind: 'stream', head, key: null };
        for (const event of events) yield { kind: 'event', event, key: null };
      }
    }
    for await (const text of this.seals(accountId)) yield readExportLine(text);
  }

  private async *streams(accountId: string): AsyncGenerator<{ head: ExportedHead; events: ExportedEvent[] }[]> {
    let after = '-1';
    for (;;) {
      const origins = await this.database.query<OriginRow>(ORIGINS, [accountId, after]);
      const last = origins.at(-1);
      if (!last) return;
      const events = Map.groupBy(await this.database.query<EventRow>(EVENTS, [origins.map(({ here }) => here)]), ({ here }) => here);
      yield origins.map((origin) => ({ head: origin, events: (events.get(origin.here) ?? []).map((event) => placed(event, origin)) }));
      after = last.here;
    }
  }

  private async *seals(accountId: string): AsyncGenerator<string> {
    let after = '-1';
    for (;;) {
      const page = await this.database.query<{ number: string; line: string }>(
        `select number, line::text as line from event_log.imported_seals where account_id = $1 and number > $2 order by imported_seals.number limit $3`,
        [accountId, after, SEALS_PER_PAGE],
      );
      const last = page.at(-1);
      if (!last) return;
      for (const { line } of page) yield line;
      after = last.number;
    }
  }
}

/** An event where the feed of its origin had it. */
function placed({ here: _, ...event }: EventRow, { places, accountId, streamId }: OriginRow): ExportedEvent {
  const at = (event.version - 1) * PLACE_BYTES;
  const place = { epoch: places.readInt32BE(at), xid: places.readBigUInt64BE(at + 4).toString(), seq: places.readBigInt64BE(at + 12).toString() };
  return { ...event, ...place, accountId, streamId };
}

const sealFlaw = (flaw: LogFlaw['flaw'], seal: string): LogFlaw => ({ orderId: null, version: null, flaw, streamId: null, seal });

/** Streams and seals of the origin have numbers of their own. */
const ofOrigin = (flaw: LogFlaw): LogFlaw => ({ ...flaw, streamId: null, seal: flaw.seal && `origin:${flaw.seal}` });
