import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/** An alert that was opened. */
export interface Alert {
  readonly id: string;
  readonly kind: string;
  readonly state: 'open' | 'closed';
  readonly tenantId: string | null;
  readonly accountId: string | null;
  /** A token of the account. */
  readonly tokenId: string | null;
  readonly detail: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

const COLUMNS = `l.id, l.kind, l.state, l.tenant_id as "tenantId", l.account_id as "accountId", l.detail, l.figures, l.opened_at as "openedAt",
  l.closed_at as "closedAt",
  (select t.id from tokens t where t.account_id = l.account_id order by t.is_active desc, t.created_at desc limit 1) as "tokenId"`;

/** Messages sent in one turn; the rest waits for the next. */
const MOST_UNTOLD = 50;

export interface AlertFilter {
  readonly tenantId: string;
  /** Those of the installation as well, which are nobody's accounts. */
  readonly withInstallation: boolean;
  readonly state: 'open' | 'closed' | null;
  readonly accountId: string | null;
}

/** Alerts as people and their receivers read them. */
@Injectable()
export class Alerts {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list({ tenantId, withInstallation, state, accountId }: AlertFilter, limit: number): Promise<Alert[]> {
    return this.database.query<Alert>(
      `select ${COLUMNS} from alerts l where l.opened_at is not null and (l.tenant_id = $1 or ($2 and l.tenant_id is null))
         and ($3::text is null or l.state = $3) and ($4::bigint is null or l.account_id = $4) order by l.id desc limit $5`,
      [tenantId, withInstallation, state, accountId, limit],
    );
  }

  /** Those whose present state nobody was told. */
  async untold(): Promise<Alert[]> {
    return this.database.query<Alert>(
      `select ${COLUMNS} from alerts l where l.state <> 'watching' and l.told_state is distinct from l.state order by l.id limit ${String(MOST_UNTOLD)}`,
    );
  }

  async openByKind(): Promise<Record<string, number>> {
    const rows = await this.database.query<{ kind: string; count: number }>(
      `select kind, count(*)::int as count from alerts where state = 'open' group by kind order by kind`,
    );
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  }
}
