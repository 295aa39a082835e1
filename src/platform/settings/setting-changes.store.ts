import { query, type Transaction } from '../database/transaction.js';

/** Whose value it is: a setting of the installation, or of one tenant. */
export interface SettingPlace {
  readonly name: string;
  /** null: the whole installation. */
  readonly tenantId: string | null;
}

/** What was said last about a place. */
export interface CurrentSetting {
  /** 0: nothing was ever said. */
  readonly version: number;
  /** null: the default. */
  readonly value: unknown;
}

export interface NewSettingChange extends SettingPlace {
  readonly version: number;
  /** null: back to the default. */
  readonly value: number | null;
  readonly actor: string;
  readonly reason: string | null;
}

/** How the table spells the whole installation: no tenant has an empty name. */
export const EVERYBODY = '';

/**
 * What is said last of a place. Whoever changes a setting holds the one lock until the end of the transaction: ids of changes are then
 * committed in their order, and the highest one tells a process whether it knows them all.
 */
export async function lockCurrent(tx: Transaction, { name, tenantId }: SettingPlace): Promise<CurrentSetting> {
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('settings', 0))`);
  const [row] = await query<CurrentSetting>(tx, `select version, value from setting_changes where name = $1 and tenant_id = $2 order by version desc limit 1`, [
    name,
    tenantId ?? EVERYBODY,
  ]);
  return row ?? { version: 0, value: null };
}

export async function appendChange(tx: Transaction, { name, tenantId, version, value, actor, reason }: NewSettingChange): Promise<void> {
  const written = value === null ? null : JSON.stringify(value);
  await query(tx, `insert into setting_changes (name, tenant_id, version, value, actor, reason) values ($1, $2, $3, $4::jsonb, $5, $6)`, [
    name,
    tenantId ?? EVERYBODY,
    version,
    written,
    actor,
    reason,
  ]);
}
