import type { FeedPosition } from '../platform/event-log/feed.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { Seal, SealPart } from './seal-record.js';

/** Any number nothing else in the database locks by. */
const SEALING_LOCK = 7_114_250_011n;

const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
const placed = (name: string, { epoch, xid, seq }: FeedPosition) => ({ [`${name}_epoch`]: epoch, [`${name}_xid`]: xid, [`${name}_seq`]: seq });

/** True when no other process is writing a seal; held until the transaction ends. */
export async function lockSealing(tx: Transaction): Promise<boolean> {
  const [row] = await query<{ locked: boolean }>(tx, 'select pg_try_advisory_xact_lock($1::bigint) as locked', [SEALING_LOCK.toString()]);
  return row?.locked === true;
}

/** Appends a seal; false when it does not continue the last one, because another process was faster. */
export async function addSeal(tx: Transaction, seal: Seal, parts: readonly SealPart[]): Promise<boolean> {
  const row = {
    number: seal.number,
    ...placed('from', seal.from),
    ...placed('to', seal.to),
    events: seal.events,
    previous_root: hex(seal.previousRoot),
    root: hex(seal.root),
    signature: seal.signature && hex(seal.signature),
    key_id: seal.keyId,
    sealed_at: seal.sealedAt.toISOString(),
  };
  const shares = parts.map((part) => ({
    account_id: part.accountId,
    number: seal.number,
    events: part.events,
    digest: hex(part.digest),
    leaves: hex(part.leaves),
  }));
  const [answer] = await query<{ added: boolean }>(tx, 'select event_log.add_seal($1, $2) as added', [JSON.stringify(row), JSON.stringify(shares)]);
  return answer?.added === true;
}
