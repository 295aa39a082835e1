import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { HeldReason } from './held-reason.js';

export const QUARANTINE_STATUSES = ['held', 'released', 'rejected', 'superseded'] as const;
export type QuarantineStatus = (typeof QUARANTINE_STATUSES)[number];

export interface QuarantineItem {
  readonly id: string;
  readonly orderId: string;
  readonly kind: 'form' | 'event';
  readonly status: QuarantineStatus;
  readonly reasons: readonly HeldReason[];
  readonly heldVersion: number | null;
  readonly pauseId: string | null;
  readonly observedAt: Date;
  readonly traceId: string | null;
  readonly timesSeen: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
}

export interface SealedItem extends QuarantineItem {
  readonly keyId: string | null;
  readonly sealed: Buffer;
}

export interface QuarantineFilter {
  readonly status: QuarantineStatus | null;
  readonly pauseId?: string;
}

const COLUMNS = `id, order_id as "orderId", kind, status, reasons, held_version as "heldVersion", pause_id as "pauseId", observed_at as "observedAt",
  trace_id as "traceId", times_seen as "timesSeen", first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt", decided_at as "decidedAt",
  decided_by as "decidedBy"`;
const MATCHES = `account_id = $1 and ($2::text is null or status = $2) and ($3::uuid is null or pause_id = $3)`;

/** The quarantine of an account as people read it. */
@Injectable()
export class QuarantineReadModel {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(accountId: string, filter: QuarantineFilter, page: { limit: number; offset: number }): Promise<{ items: QuarantineItem[]; total: number }> {
    const values = [accountId, filter.status, filter.pauseId ?? null];
    const [items, counted] = await Promise.all([
      this.database.query<QuarantineItem>(`select ${COLUMNS} from quarantine_items where ${MATCHES} order by first_seen_at desc, id desc limit $4 offset $5`, [
        ...values,
        page.limit,
        page.offset,
      ]),
      this.database.query<{ total: number }>(`select count(*)::int as total from quarantine_items where ${MATCHES}`, values),
    ]);
    return { items, total: counted[0]?.total ?? 0 };
  }

  /** What was held of one order, oldest first; the newest `limit` items. */
  async ofOrder(accountId: string, orderId: string, limit: number): Promise<QuarantineItem[]> {
    const sql = `select ${COLUMNS} from quarantine_items where account_id = $1 and order_id = $2 order by first_seen_at desc, id desc limit $3`;
    return (await this.database.query<QuarantineItem>(sql, [accountId, orderId, limit])).reverse();
  }

  /** One item with its sealed document; null when the account has no such item. */
  async find(accountId: string, id: string): Promise<SealedItem | null> {
    const [row] = await this.database.query<SealedItem>(
      `select ${COLUMNS}, key_id as "keyId", sealed from quarantine_items where account_id = $1 and id = $2`,
      [accountId, id],
    );
    return row ?? null;
  }

  /** What waits, in the order it was read; `after` goes on behind an item. */
  async waiting(accountId: string, pauseId: string | null, limit: number, after: Pick<QuarantineItem, 'observedAt' | 'id'> | null): Promise<SealedItem[]> {
    return this.database.query<SealedItem>(
      `select ${COLUMNS}, key_id as "keyId", sealed from quarantine_items
       where account_id = $1 and status = 'held' and kind = 'form' and order_id <> '' and ($2::uuid is null or pause_id = $2)
         and ($4::timestamptz is null or (observed_at, id) > ($4, $5::uuid))
       order by observed_at, id limit $3`,
      [accountId, pauseId, limit, after?.observedAt ?? null, after?.id ?? null],
    );
  }
}
