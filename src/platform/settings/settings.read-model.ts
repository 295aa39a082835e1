import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { EVERYBODY, type SettingPlace } from './setting-changes.store.js';
import type { StoredValue } from './settings.service.js';

/** What was last said of a place, by whom and why; a null value is the default. */
export interface SaidOfSetting extends StoredValue {
  readonly version: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly changedAt: Date;
}

/** One change; null is the default. */
export interface SettingChange {
  readonly version: number;
  readonly from: unknown;
  readonly to: unknown;
  readonly actor: string;
  readonly reason: string | null;
  readonly changedAt: Date;
}

const LAST_OF_EACH = `select distinct on (name, tenant_id) name, nullif(tenant_id, '') as "tenantId", version, value, actor, reason, changed_at as "changedAt"
  from setting_changes`;
const LAST_FIRST = 'order by name, tenant_id, version desc';

/** What the database says of settings, and what it said before. */
@Injectable()
export class SettingsReadModel {
  constructor(private readonly database: Database) {}

  /** The id of the last change; '0' when there was none. */
  async lastChange(): Promise<string> {
    const [row] = await this.database.query<{ id: string }>('select coalesce(max(id), 0)::text as id from setting_changes');
    return row?.id ?? '0';
  }

  /** The values of all places that have one, for the memory of a process. */
  async all(): Promise<StoredValue[]> {
    return this.database.query<StoredValue>(`select * from (${LAST_OF_EACH} ${LAST_FIRST}) as last where value is not null`);
  }

  /** What was last said of the settings of the installation (null) or of a tenant. */
  async of(tenantId: string | null): Promise<ReadonlyMap<string, SaidOfSetting>> {
    const rows = await this.database.query<SaidOfSetting>(`${LAST_OF_EACH} where tenant_id = $1 ${LAST_FIRST}`, [tenantId ?? EVERYBODY]);
    return new Map(rows.map((row) => [row.name, row]));
  }

  /** How many tenants have a value of their own, by setting. */
  async tenantCounts(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ name: string; count: number }>(
      `select name, count(*)::int as count from (${LAST_OF_EACH} where tenant_id <> '' ${LAST_FIRST}) as last where value is not null group by name`,
    );
    return new Map(rows.map(({ name, count }) => [name, count]));
  }

  /** Changes before a version, newest first. */
  async history({ name, tenantId }: SettingPlace, page: { before: number; limit: number }): Promise<SettingChange[]> {
    return this.database.query<SettingChange>(
      `select version, value as "to", actor, reason, changed_at as "changedAt",
         (select p.value from setting_changes p where p.name = c.name and p.tenant_id = c.tenant_id and p.version < c.version
          order by p.version desc limit 1) as "from"
       from setting_changes c where name = $1 and tenant_id = $2 and version < $3 order by version desc limit $4`,
      [name, tenantId ?? EVERYBODY, page.before, page.limit],
    );
  }
}
