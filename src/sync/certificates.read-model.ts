import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Finding } from './certificate.js';

export interface Certificate {
  readonly id: string;
  readonly taskId: string | null;
  readonly from: Date;
  readonly to: Date;
  readonly listed: number;
  readonly unlistable: number;
  readonly requests: number;
  /** Null until the sweep has ended, like the counts. */
  readonly complete: boolean | null;
  readonly equal: number | null;
  readonly healed: number | null;
  readonly held: number | null;
  readonly rejected: number | null;
  readonly announcedNotLanded: number | null;
  readonly missingAtAllegro: number | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export interface NamedFinding {
  readonly orderId: string;
  readonly finding: Finding;
  readonly detail: string | null;
}

const COLUMNS = `id, task_id as "taskId", window_from as "from", window_to as "to", listed, unlistable, requests, complete, equal, healed, held, rejected,
  announced_not_landed as "announcedNotLanded", missing_at_allegro as "missingAtAllegro", started_at as "startedAt", finished_at as "finishedAt"`;

/** Certificates of completeness, and what a sweep compares with. */
@Injectable()
export class Certificates {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(accountId: string, page: { limit: number; offset: number }): Promise<Certificate[]> {
    const sql = `select ${COLUMNS} from completeness_certificates where account_id = $1 order by started_at desc, id desc limit $2 offset $3`;
    return this.database.query<Certificate>(sql, [accountId, page.limit, page.offset]);
  }

  async count(accountId: string): Promise<number> {
    const [row] = await this.database.query<{ total: number }>('select count(*)::int as total from completeness_certificates where account_id = $1', [
      accountId,
    ]);
    return row?.total ?? 0;
  }

  /** Null when the account has no such certificate. */
  async find(accountId: string, id: string): Promise<Certificate | null> {
    const [row] = await this.database.query<Certificate>(`select ${COLUMNS} from completeness_certificates where account_id = $1 and id = $2`, [accountId, id]);
    return row ?? null;
  }

  /** Those of these ids that are certificates of the account. */
  async among(accountId: string, ids: readonly string[]): Promise<string[]> {
    const sql = 'select id from completeness_certificates where account_id = $1 and id = any ($2::uuid[])';
    const rows = ids.length === 0 ? [] : await this.database.query<{ id: string }>(sql, [accountId, ids]);
    return rows.map(({ id }) => id);
  }

  /** The orders a certificate names, by id. */
  async findings(id: string, limit: number): Promise<NamedFinding[]> {
    const sql = `select order_id as "orderId", finding, detail from certificate_findings where certificate_id = $1 order by finding, order_id limit $2`;
    return this.database.query<NamedFinding>(sql, [id, limit]);
  }

  /** Orders we hold that were bought within the window and are not replaced. */
  async heldBetween(accountId: string, from: Date, to: Date): Promise<string[]> {
    const rows = await this.database.query<{ orderId: string }>(
      `select order_id as "orderId" from orders where account_id = $1 and merged_into is null and ordered_at between $2 and $3`,
      [accountId, from, to],
    );
    return rows.map(({ orderId }) => orderId);
  }

  /** Orders the journal announced since `from` of which no form ever landed and that were not replaced. */
  async announcedSince(accountId: string, from: Date): Promise<string[]> {
    const rows = await this.database.query<{ orderId: string }>(
      `select s.order_id as "orderId" from event_log.streams s where s.account_id = $1 and s.order_id <> '' and s.content_version is null and s.recorded_at >= $2
         and not exists (select from event_log.order_events e where e.stream_id = s.stream_id and e.type = 'order.merged_into')`,
      [accountId, from],
    );
    return rows.map(({ orderId }) => orderId);
  }
}
