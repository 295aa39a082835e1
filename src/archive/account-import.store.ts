import { query, type Transaction } from '../platform/database/transaction.js';
import type { ArchivedAccount } from '../data-protection/archive-lines.js';
import type { AdoptedStream } from './adopted-stream.js';

/** What is remembered of the archive an account came from. */
export interface ImportFacts {
  readonly archiveId: string;
  readonly digest: string;
  /** The archive's header. */
  readonly source: string;
  readonly importedBy: string;
  readonly sequences: { readonly low: string; readonly high: string };
}

export interface ImportedErasure {
  readonly id: string;
  readonly until: string;
  readonly erased_at: string;
  readonly order_ids: readonly string[];
  readonly refs: readonly string[];
}

/** The account of the seller in that tenant, new or without events; its row stays locked until the transaction ends. */
export async function accountOf(tx: Transaction, tenantId: string, account: ArchivedAccount): Promise<{ id: string; isEmpty: boolean }> {
  const [row] = await query<{ id: string; isEmpty: boolean }>(
    tx,
    `insert into accounts (tenant_id, environment, allegro_user_id, login, base_marketplace) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, environment, allegro_user_id) do update set updated_at = now()
     returning id, not exists (select from event_log.streams s where s.account_id = accounts.id) as "isEmpty"`,
    [tenantId, account.environment, account.allegroUserId, account.login, account.baseMarketplace],
  );
  if (!row) throw new Error('an account that was written is not there');
  return row;
}

export async function beginImport(tx: Transaction, accountId: string, facts: ImportFacts): Promise<void> {
  const row = {
    archive_id: facts.archiveId,
    digest: `\\x${facts.digest}`,
    source: JSON.parse(facts.source) as unknown,
    imported_by: facts.importedBy,
    low_sequence: facts.sequences.low,
    high_sequence: facts.sequences.high,
  };
  await query(tx, 'select event_log.begin_import($1, $2)', [accountId, JSON.stringify(row)]);
}

/** Writes whole streams behind what was imported so far. @returns the numbers of the streams here, by order */
export async function importStreams(tx: Transaction, accountId: string, streams: readonly AdoptedStream[]): Promise<Map<string, string>> {
  const rows = await query<{ orderId: string; streamId: string }>(
    tx,
    'select order_id as "orderId", stream_id as "streamId" from event_log.import_streams($1, $2, $3, $4)',
    [
      accountId,
      JSON.stringify(streams.map(({ row }, place) => ({ ...row, place }))),
      JSON.stringify(streams.flatMap(({ events }) => events)),
      JSON.stringify(streams.flatMap(({ keys }) => keys)),
    ],
  );
  return new Map(rows.map(({ orderId, streamId }) => [orderId, streamId]));
}

export async function importSeals(tx: Transaction, accountId: string, seals: readonly { number: string; line: string }[]): Promise<void> {
  await query(tx, 'select event_log.import_seals($1, $2)', [accountId, JSON.stringify(seals)]);
}

/** Erasures of before; there are no copies of them to clean here. */
export async function importErasures(tx: Transaction, accountId: string, tenantId: string, erasures: readonly ImportedErasure[]): Promise<void> {
  if (erasures.length === 0) return;
  await query(tx, 'select vault.import_erasures($1, $2)', [accountId, JSON.stringify(erasures)]);
  await query(
    tx,
    `insert into erasure_progress (erasure_id, tenant_id, account_id, completed_at) select id, $2, $1, now() from jsonb_to_recordset($3::jsonb) as r (id uuid)`,
    [accountId, tenantId, JSON.stringify(erasures)],
  );
}
