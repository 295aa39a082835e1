/** Server settings as a connection of the service sees them: `alter database` and `alter role` change them too. */
export interface ServerSetting {
  readonly name: string;
  readonly value: string;
}

export const DURABILITY_SETTINGS = `
select name, setting as value from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name`;

/**
 * What would lose acknowledged orders in a crash, as `name=value`; empty on a durable server.
 * Every value of `synchronous_commit` but `off` waits for the own disk; the others differ in which stand-bys they wait for.
 */
export function undurable(settings: readonly ServerSetting[]): string[] {
  return settings.filter(({ value }) => value === 'off').map(({ name, value }) => `${name}=${value}`);
}
