import { query, type Transaction } from '../platform/database/transaction.js';
import type { NewExport, Piece, Place } from './export-file.js';

export async function addExport(tx: Transaction, wanted: NewExport): Promise<void> {
  const { id, tenantId, accountId, tokenId, taskId, format, options, filters, createdBy } = wanted;
  await query(
    tx,
    `insert into order_exports (id, tenant_id, account_id, token_id, task_id, format, options, filters, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, tenantId, accountId, tokenId, taskId, format, JSON.stringify(options), JSON.stringify(filters), createdBy],
  );
}

/** The orders of the file, once and for all. @returns false when another run chose them, or the export is gone */
export async function chooseMembers(tx: Transaction, id: string, { ids, takenAt, total }: { ids: Buffer; takenAt: Date; total: number }): Promise<boolean> {
  const rows = await query(
    tx,
    `update order_exports set members = $2, snapshot_at = $3, orders_total = $4 where id = $1 and members is null and erased_at is null returning id`,
    [id, ids, takenAt, total],
  );
  return rows.length > 0;
}

/** Moves the end of the file on; until the transaction ends nobody else writes or deletes it. @returns false when it is not where its writer saw it */
export async function advance(tx: Transaction, id: string, { from, orders, length }: { from: Place; orders: number; length: number }): Promise<boolean> {
  const rows = await query(
    tx,
    `update order_exports set orders_done = orders_done + $4, bytes = bytes + $5
     where id = $1 and orders_done = $2 and bytes = $3 and finished_at is null and erased_at is null returning id`,
    [id, from.ordersDone, from.bytes, orders, length],
  );
  return rows.length > 0;
}

export async function addPiece(tx: Transaction, id: string, { startsAt, length, sealed }: Piece): Promise<void> {
  await query(tx, 'insert into order_export_chunks (export_id, starts_at, length, sealed) values ($1, $2, $3, $4)', [id, startsAt, length, sealed]);
}

/** @returns false when the file is not whole, or gone */
export async function finish(tx: Transaction, id: string, { sha256, keptDays }: { sha256: Buffer; keptDays: number }): Promise<boolean> {
  const rows = await query(
    tx,
    `update order_exports set finished_at = now(), sha256 = $2, expires_at = now() + make_interval(days => $3)
     where id = $1 and orders_done = orders_total and finished_at is null and erased_at is null returning id`,
    [id, sha256, keptDays],
  );
  return rows.length > 0;
}

/** Deletes the file and keeps the export, which says why. @returns false when it was done already */
export async function eraseFile(tx: Transaction, id: string): Promise<boolean> {
  const rows = await query(tx, 'update order_exports set erased_at = now(), members = null where id = $1 and erased_at is null returning id', [id]);
  await query(tx, 'delete from order_export_chunks where export_id = $1', [id]);
  return rows.length > 0;
}

export async function removeExport(tx: Transaction, id: string): Promise<void> {
  await query(tx, 'delete from order_exports where id = $1', [id]);
  await query(tx, 'delete from order_export_chunks where export_id = $1', [id]);
}

const AGED = `coalesce(e.finished_at, e.created_at) < now() - make_interval(days => $1)`;

/** Pieces first: a large file goes over several transactions, and its export with the last of them. */
export async function removeAged(tx: Transaction, { days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
  const pieces = await query(
    tx,
    `delete from order_export_chunks where (export_id, starts_at) in (
       select c.export_id, c.starts_at from order_exports e join order_export_chunks c on c.export_id = e.id where ${AGED} limit $2
       for update of c skip locked) returning 1`,
    [days, limit],
  );
  if (pieces.length >= limit) return pieces.length;
  const exports = await query(
    tx,
    `delete from order_exports where id in (
       select id from order_exports e where ${AGED} and not exists (select from order_export_chunks c where c.export_id = e.id)
       limit $2 for update skip locked) returning 1`,
    [days, limit - pieces.length],
  );
  return pieces.length + exports.length;
}
