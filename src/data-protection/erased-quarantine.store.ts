import type { JsonValue } from '../core/json.js';
import { query, type Transaction } from '../platform/database/transaction.js';

export interface KeptItem {
  readonly id: string;
  readonly orderId: string;
  readonly keyId: string;
  readonly sealed: Buffer;
  readonly reasons: JsonValue;
}

/** Held documents under the keys of these orders; answers how many could be opened until now, and ends those that waited. */
export async function endItems(tx: Transaction, accountId: string, orderIds: readonly string[]): Promise<number> {
  const rows = await query(
    tx,
    `update quarantine_items set sealed = '', status = case when status = 'held' then 'superseded' else status end,
       decided_at = coalesce(decided_at, now()), decided_by = coalesce(decided_by, 'erasure')
     where account_id = $1 and order_id = any ($2) and key_id is null and sealed <> '' returning id`,
    [accountId, orderIds],
  );
  return rows.length;
}

/** Items sealed under keys of the account, in a fixed order behind `after` ('' begins). */
export async function itemsUnderAccountKeys(tx: Transaction, accountId: string, after: string, limit: number): Promise<KeptItem[]> {
  return query<KeptItem>(
    tx,
    `select id, order_id as "orderId", key_id as "keyId", sealed, reasons from quarantine_items
     where account_id = $1 and key_id is not null and ($2::text = '' or id > nullif($2::text, '')::uuid) order by id limit $3`,
    [accountId, after, limit],
  );
}

export async function replaceItem(tx: Transaction, id: string, item: Pick<KeptItem, 'keyId' | 'sealed' | 'reasons'>): Promise<void> {
  await query(tx, `update quarantine_items set key_id = $2, sealed = $3, reasons = $4::jsonb where id = $1`, [
    id,
    item.keyId,
    item.sealed,
    JSON.stringify(item.reasons),
  ]);
}
