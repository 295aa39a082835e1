import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';

interface CopiedTable {
  readonly name: string;
  readonly columns: string;
}

/** Every table an append writes. */
const TABLES: readonly string[] = [
  'event_log.streams',
  'event_log.order_events',
  'event_log.outbox',
  'vault.order_keys',
  'public.orders',
  'public.order_documents',
  'public.order_technical_flags',
  'public.order_search',
  'public.order_line_items',
  'public.order_facts',
];

/** The columns of a table but those the database computes from others. */
const COLUMNS = `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
  where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = ''`;

const EVENTS = 'event_log.order_events';

/** Copies what an append has written into a second database of the same schema: the fastest way these rows can be stored. */
export class CopyBaseline {
  private readonly folder = mkdtempSync(join(tmpdir(), 'order-log-copy-'));
  private tables: CopiedTable[] = [];
  private lastStream = '0';

  constructor(
    private readonly source: pg.Client,
    private readonly target: pg.Client,
  ) {}

  async open(): Promise<void> {
    chmodSync(this.folder, 0o777); // the server's user writes and reads the files
    await Promise.all([this.source.connect(), this.target.connect()]);
    await this.target.query('create table events_alone (like event_log.order_events including all)');
    for (const name of TABLES) {
      const { rows } = await this.source.query<{ columns: string | null }>(COLUMNS, [name]);
      const columns = rows[0]?.columns;
      if (!columns) throw new Error(`there is no table ${name}`);
      this.tables.push({ name, columns });
    }
  }

  /** Milliseconds of COPY FROM for the rows of the chunk written last: into all tables, and the events alone. */
  async copyNewRows(): Promise<{ allMs: number; eventsMs: number }> {
    for (const table of this.tables) {
      const rows = `select ${table.columns} from ${table.name} where stream_id > ${this.lastStream} order by stream_id`;
      await this.source.query(`copy (${rows}) to '${this.file(table)}' with (format binary)`);
    }
    const { rows } = await this.source.query<{ last: string }>('select max(stream_id) as last from event_log.streams');
    this.lastStream = rows[0]?.last ?? this.lastStream;
    const allMs = await this.timed(async () => {
      await this.target.query('begin');
      for (const table of this.tables) await this.target.query(`copy ${table.name} (${table.columns}) from '${this.file(table)}' with (format binary)`);
      await this.target.query('commit');
    });
    const events = this.tables.find((table) => table.name === EVENTS);
    const eventsMs = events
      ? await this.timed(() => this.target.query(`copy events_alone (${events.columns}) from '${this.file(events)}' with (format binary)`))
      : 0;
    return { allMs, eventsMs };
  }

  async close(): Promise<void> {
    await Promise.all([this.source.end(), this.target.end()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file({ name }: CopiedTable): string {
    return join(this.folder, name);
  }

  private async timed(work: () => Promise<unknown>): Promise<number> {
    const started = performance.now();
    await work();
    return performance.now() - started;
  }
}
