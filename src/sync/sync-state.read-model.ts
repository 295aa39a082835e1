import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/** How far an account's journal and history were read. */
export interface SyncCursor {
  readonly startEventId: string | null;
  readonly startedAt: Date;
  readonly historyFrom: Date | null;
  readonly historyDoneAt: Date | null;
  readonly lastEventId: string | null;
  readonly overlapEventId: string | null;
  readonly overlapReadAt: Date | null;
}

export interface DueForm {
  readonly orderId: string;
  readonly attempts: number;
}

const COLUMNS = `start_event_id as "startEventId", started_at as "startedAt", history_from as "historyFrom", history_done_at as "historyDoneAt",
  last_event_id as "lastEventId", overlap_event_id as "overlapEventId", overlap_read_at as "overlapReadAt"`;

/** What the sync of an account remembers. */
@Injectable()
export class SyncState {
  constructor(private readonly database: Database) {}

  /** Null before the account's first sync. */
  async cursor(accountId: string): Promise<SyncCursor | null> {
    const [row] = await this.database.query<SyncCursor>(`select ${COLUMNS} from sync_cursors where account_id = $1`, [accountId]);
    return row ?? null;
  }

  /** The forms of an account whose next try is due, longest waiting first. */
  async dueForms(accountId: string, limit: number): Promise<DueForm[]> {
    return this.database.query<DueForm>(
      `select order_id as "orderId", attempts from owed_forms where account_id = $1 and next_try_at <= now() order by next_try_at limit $2`,
      [accountId, limit],
    );
  }

  /** Orders whose form Allegro answered with 404 when it was last asked for. */
  async missingForms(accountId: string): Promise<string[]> {
    const rows = await this.database.query<{ orderId: string }>(`select order_id as "orderId" from owed_forms where account_id = $1 and reason = 'missing'`, [
      accountId,
    ]);
    return rows.map(({ orderId }) => orderId);
  }

  /** The revision of the form we hold of each of these orders; orders without a form are absent. */
  async heldRevisions(accountId: string, orderIds: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.database.query<{ orderId: string; revision: string | null }>(
      `select order_id as "orderId", content_revision as revision from event_log.streams
       where account_id = $1 and order_id = any ($2) and content_version is not null`,
      [accountId, orderIds],
    );
    return new Map(rows.map((row) => [row.orderId, row.revision]));
  }

  /** Those of these journal events (by id) that the account's order streams hold already. */
  async knownEventIds(accountId: string, events: readonly { orderId: string; eventId: string }[]): Promise<Set<string>> {
    const rows = await this.database.query<{ key: string }>(
      `select e.dedup_key as key from jsonb_to_recordset($2::jsonb) as q ("orderId" text, "eventId" text)
         join event_log.streams s on s.account_id = $1 and s.order_id = q."orderId"
         join event_log.order_events e on e.stream_id = s.stream_id and e.dedup_key = 'j:' || q."eventId"`,
      [accountId, JSON.stringify(events)],
    );
    return new Set(rows.map((row) => row.key.slice(2)));
  }
}
