import { query, type Transaction } from '../database/transaction.js';
import type { HeadRow } from './append-plan.js';
import type { EventRow } from './event-row.js';
import type { Head, OpenedStream, StreamQuestion } from './heads.js';

type LoadedRow = Omit<Head, 'version' | 'knownKeys'> & { version: number | null; knownKeys: string[] | null };

const LOAD = `select order_id as "orderId", stream_id as "streamId", version, tip_hash as "tipHash", recorded_at as "recordedAt",
  content_version as "contentVersion", content_hash as "contentHash", content_revision as "contentRevision", has_key as "hasKey",
  wrapped_key as "wrappedKey", known_keys as "knownKeys", clock, chain_account_id as "chainAccountId" from event_log.load($1, $2)`;

/** Reads the heads of the asked streams; must come before the transaction's first write (feed order would part from version order). */
export async function loadHeads(tx: Transaction, accountId: string, streams: readonly StreamQuestion[]): Promise<Map<string, Head>> {
  const asked = JSON.stringify(streams.map(({ orderId, dedupKeys }) => ({ order_id: orderId, dedup_keys: dedupKeys })));
  const rows = await query<LoadedRow>(tx, LOAD, [accountId, asked]);
  return new Map(rows.map((row) => [row.orderId, { ...row, version: row.version ?? 0, knownKeys: new Set(row.knownKeys ?? []) }]));
}

/** Writes the planned rows; answers the streams whose version gate opened. The others are conflicts: nothing of them was written. */
export async function appendRows(
  tx: Transaction,
  accountId: string,
  generation: string | null,
  rows: { readonly heads: readonly HeadRow[]; readonly events: readonly EventRow[] },
): Promise<OpenedStream[]> {
  const parameters = [accountId, generation, JSON.stringify(rows.heads), JSON.stringify(rows.events)];
  return query<OpenedStream>(tx, `select order_id as "orderId", stream_id as "streamId", version from event_log.append($1, $2, $3, $4)`, parameters);
}
