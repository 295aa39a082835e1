import { shownClaim } from './claim-proof.dto.js';
import type { FlagChange, KeyedCommand } from './decide-change.js';
import type { FlagChangeRow, FlagChangeView, FlagHistoryEntry } from './flag-changes.dto.js';
import type { RecordedFlagChange } from './flag-history.read-model.js';
import { flagsView } from './flag-view.js';
import { STOCK_SET } from './flags.events.js';
import { flagsEtag } from './flags-etag.js';
import type { ChangeResult } from './technical-flags.service.js';

/** What a row of a bulk change asks for; without commands when it names no flag. */
export function askedChange(row: FlagChangeRow, key: string): FlagChange {
  const commands: KeyedCommand[] = [];
  const { is_stock_updated: isStockUpdated, has_invoice_created: hasInvoiceCreated } = row;
  if (typeof isStockUpdated === 'boolean') commands.push({ command: { kind: 'stock', isStockUpdated }, dedupKey: `c:${key}:stock` });
  if (typeof hasInvoiceCreated === 'boolean') {
    commands.push({ command: { kind: 'invoice', hasInvoiceCreated, invoiceId: row.invoice_id ?? null }, dedupKey: `c:${key}:invoice` });
  }
  return { orderId: row.order_id.toLowerCase(), commands, ifMatch: row.if_match ?? null, claim: shownClaim(row) };
}

export function changeView(orderId: string, result: ChangeResult): FlagChangeView {
  if (result.kind === 'refused') {
    const { status, code, message } = result.problem;
    return { order_id: orderId, status, changed: false, technical_flags: null, etag: null, code, detail: message };
  }
  const { state, changed } = result;
  return { order_id: orderId, status: 200, changed, technical_flags: flagsView(state), etag: flagsEtag(result.orderId, state), code: null, detail: null };
}

const UNSET = { stock: { is_stock_updated: false }, invoice: { has_invoice_created: false, invoice_id: null } } as const;

export function historyEntry(change: RecordedFlagChange): FlagHistoryEntry {
  const flag = change.type === STOCK_SET ? 'stock' : 'invoice';
  const { version, actor, recordedAt, from, to } = change;
  return { version, flag, changed_at: recordedAt.toISOString(), actor, from: from ?? UNSET[flag], to };
}
