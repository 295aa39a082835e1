import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { ErasedOrder } from '../platform/erasure/forgotten-buyer.js';

/** What one holder of copies cleaned. */
export interface CleanedCopies {
  readonly copies: number;
  readonly cleaned_at: string;
}

export interface Erasure {
  readonly id: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly until: Date;
  readonly requestedBy: string;
  readonly reason: string;
  readonly origin: 'request' | 'list';
  readonly erasedAt: Date;
  readonly taskId: string | null;
  readonly cleaned: Readonly<Record<string, CleanedCopies>>;
  readonly listedAt: Date | null;
  readonly completedAt: Date | null;
  /** Keys destroyed: of orders, and of single journal events without an order. */
  readonly orders: number;
  readonly events: number;
}

export interface UnfinishedErasure {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly taskId: string | null;
}

/** An erasure as the list outside the database keeps it. */
export interface ListedErasure extends Pick<Erasure, 'id' | 'accountId' | 'tenantId' | 'until' | 'requestedBy' | 'reason'> {
  readonly seller: string;
  readonly orderIds: readonly string[];
  readonly references: readonly string[];
}

const SELLER = `a.tenant_id || '/' || a.environment || '/' || a.allegro_user_id`;
const COLUMNS = `e.id, e.account_id as "accountId", e.tenant_id as "tenantId", e.until, e.requested_by as "requestedBy", e.reason, e.origin,
  e.erased_at as "erasedAt", p.task_id as "taskId", coalesce(p.cleaned, '{}') as cleaned, p.listed_at as "listedAt", p.completed_at as "completedAt",
  (select count(*)::int from vault.order_keys k where k.erasure_id = e.id) as orders,
  (select count(*)::int from vault.event_keys k where k.erasure_id = e.id) as events`;

/** Erasures and how far they are; nothing in them names a buyer. */
@Injectable()
export class Erasures {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(accountId: string, page: { readonly limit: number; readonly offset: number }): Promise<{ erasures: Erasure[]; total: number }> {
    const [erasures, counted] = await Promise.all([
      this.database.query<Erasure>(
        `select ${COLUMNS} from vault.erasures e left join erasure_progress p on p.erasure_id = e.id
         where e.account_id = $1 order by e.erased_at desc, e.id desc limit $2 offset $3`,
        [accountId, page.limit, page.offset],
      ),
      this.database.query<{ total: number }>('select count(*)::int as total from vault.erasures where account_id = $1', [accountId]),
    ]);
    return { erasures, total: counted[0]?.total ?? 0 };
  }

  async find(id: string): Promise<Erasure | null> {
    const [row] = await this.database.query<Erasure>(
      `select ${COLUMNS} from vault.erasures e left join erasure_progress p on p.erasure_id = e.id where e.id = $1`,
      [id],
    );
    return row ?? null;
  }

  async ordersOf(id: string): Promise<ErasedOrder[]> {
    return this.database.query<ErasedOrder>(
      `select s.stream_id as "streamId", s.order_id as "orderId" from vault.order_keys k join event_log.streams s using (stream_id)
       where k.erasure_id = $1 order by s.stream_id`,
      [id],
    );
  }

  /** Sealed; null once the erasure is complete. */
  async sealedTraits(id: string): Promise<Buffer | null> {
    const [row] = await this.database.query<{ traits: Buffer | null }>('select traits_sealed as traits from erasure_progress where erasure_id = $1', [id]);
    return row?.traits ?? null;
  }

  /** Unfinished ones whose task is gone or has ended: nothing works on them. */
  async abandoned(): Promise<UnfinishedErasure[]> {
    return this.database.query<UnfinishedErasure>(
      `select p.erasure_id as id, p.tenant_id as "tenantId", p.account_id as "accountId", p.task_id as "taskId"
       from erasure_progress p left join tasks t on t.id = p.task_id
       where p.completed_at is null and (t.id is null or t.status in ('SUCCESS', 'FAILURE', 'REVOKED'))`,
    );
  }

  /** As the list keeps them: one, or all. */
  async listed(id: string | null): Promise<ListedErasure[]> {
    return this.database.query<ListedErasure>(
      `select e.id, e.account_id as "accountId", e.tenant_id as "tenantId", e.until, e.requested_by as "requestedBy", e.reason, e.order_ids as "orderIds",
         ${SELLER} as seller,
         (select coalesce(array_agg(encode(b.buyer_ref, 'hex')), '{}') from vault.erased_buyers b where b.erasure_id = e.id) as references
       from vault.erasures e join accounts a on a.id = e.account_id where $1::uuid is null or e.id = $1 order by e.erased_at, e.id`,
      [id],
    );
  }

  async knownIds(): Promise<Set<string>> {
    return new Set((await this.database.query<{ id: string }>('select id from vault.erasures')).map(({ id }) => id));
  }

  /** Who the account is, in one text; null when there is no such account. */
  async sellerOf(accountId: string): Promise<string | null> {
    const [row] = await this.database.query<{ seller: string }>(`select ${SELLER} as seller from accounts a where a.id = $1`, [accountId]);
    return row?.seller ?? null;
  }
}
