import { query, type Transaction } from '../platform/database/transaction.js';
import type { FlagDecision } from './decide-flags.js';
import type { FlagsState } from './flags.events.js';
import { FLAGS_COLUMNS, flagsOf, type FlagsRow } from './flags-row.js';

/** The flags of one order; null when the order was never projected. */
export async function loadFlags(tx: Transaction, streamId: string): Promise<FlagsState | null> {
  const [row] = await query<FlagsRow>(tx, `select ${FLAGS_COLUMNS} from order_technical_flags f where f.stream_id = $1`, [streamId]);
  return row ? flagsOf(row) : null;
}

/** Overwrites the flags of orders that have a row (it is born with the order), all in one statement. */
export async function storeFlags(tx: Transaction, states: ReadonlyMap<string, FlagsState>): Promise<void> {
  const rows = [...states].map(([streamId, state]) => ({ ...state, streamId }));
  await query(
    tx,
    `update order_technical_flags f set is_stock_updated = r."isStockUpdated", stock_version = r."stockVersion", has_invoice_created = r."hasInvoiceCreated",
       invoice_id = r."invoiceId", invoice_version = r."invoiceVersion", created_at = r."createdAt", updated_at = r."updatedAt"
     from jsonb_to_recordset($1) as r ("streamId" bigint, "isStockUpdated" boolean, "stockVersion" int, "hasInvoiceCreated" boolean, "invoiceId" text,
       "invoiceVersion" int, "createdAt" timestamptz, "updatedAt" timestamptz)
     where f.stream_id = r."streamId"`,
    [JSON.stringify(rows)],
  );
}

export interface RecordedCommand extends FlagDecision {
  readonly streamId: string;
  readonly dedupKey: string;
}

/** What commands of these keys once appended to these streams. */
export async function findCommands(tx: Transaction, streamIds: readonly string[], dedupKeys: readonly string[]): Promise<RecordedCommand[]> {
  return query<RecordedCommand>(
    tx,
    `select stream_id as "streamId", dedup_key as "dedupKey", type, payload from event_log.order_events
     where stream_id = any ($1::bigint[]) and dedup_key = any ($2::text[])`,
    [streamIds, dedupKeys],
  );
}

/** The orders of an account that have these invoice ids, by invoice id. */
export async function findInvoiceOwners(tx: Transaction, accountId: string, invoiceIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await query<{ invoiceId: string; orderId: string }>(
    tx,
    `select invoice_id as "invoiceId", order_id as "orderId" from order_technical_flags where account_id = $1 and invoice_id = any ($2::text[])`,
    [accountId, invoiceIds],
  );
  return new Map(rows.map(({ invoiceId, orderId }) => [invoiceId, orderId]));
}
