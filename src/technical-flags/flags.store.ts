import { query, type Transaction } from '../platform/database/transaction.js';
import type { FlagDecision } from './decide-flags.js';
import type { FlagsState } from './flags.events.js';

type FlagsRow = Omit<FlagsState, 'createdAt' | 'updatedAt'> & { readonly createdAt: Date | null; readonly updatedAt: Date | null };

const COLUMNS = `is_stock_updated as "isStockUpdated", stock_version as "stockVersion", has_invoice_created as "hasInvoiceCreated",
  invoice_id as "invoiceId", invoice_version as "invoiceVersion", created_at as "createdAt", updated_at as "updatedAt"`;

const stateOf = (row: FlagsRow): FlagsState => ({ ...row, createdAt: row.createdAt?.toISOString() ?? null, updatedAt: row.updatedAt?.toISOString() ?? null });

/** The flags of one order; null when the order was never projected. */
export async function loadFlags(tx: Transaction, streamId: string): Promise<FlagsState | null> {
  const [row] = await query<FlagsRow>(tx, `select ${COLUMNS} from order_technical_flags where stream_id = $1`, [streamId]);
  return row ? stateOf(row) : null;
}

/** Overwrites the flags of an order that has a row (it is born with the order). */
export async function storeFlags(tx: Transaction, streamId: string, state: FlagsState): Promise<void> {
  await query(
    tx,
    `update order_technical_flags set is_stock_updated = $2, stock_version = $3, has_invoice_created = $4, invoice_id = $5, invoice_version = $6,
       created_at = $7, updated_at = $8 where stream_id = $1`,
    [streamId, state.isStockUpdated, state.stockVersion, state.hasInvoiceCreated, state.invoiceId, state.invoiceVersion, state.createdAt, state.updatedAt],
  );
}

/** What a command of this key once appended; null when the key is new. */
export async function findCommand(tx: Transaction, streamId: string, dedupKey: string): Promise<FlagDecision | null> {
  const rows = await query<FlagDecision>(tx, 'select type, payload from event_log.order_events where stream_id = $1 and dedup_key = $2', [streamId, dedupKey]);
  return rows[0] ?? null;
}

/** The order that replaced this one when several purchases were paid together; null for one that stands for itself. */
export async function successorOf(tx: Transaction, streamId: string): Promise<string | null> {
  const [row] = await query<{ successor: string | null }>(tx, 'select merged_into as successor from orders where stream_id = $1', [streamId]);
  return row?.successor ?? null;
}
