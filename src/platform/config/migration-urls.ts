import { readFileSync } from 'node:fs';

function setting(env: NodeJS.ProcessEnv, name: string): string {
  const file = env[`${name}_FILE`];
  const value = env[name] ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
  if (value === undefined || value === '') throw new Error(`${name} is not set: the migrate step needs DATABASE_OWNER_URL and DATABASE_URL`);
  return value;
}

/** The two connections of the migrate step; it needs no other setting of the service. */
export function migrationUrls(env: NodeJS.ProcessEnv): { ownerUrl: string; serviceUrl: string } {
  return { ownerUrl: setting(env, 'DATABASE_OWNER_URL'), serviceUrl: setting(env, 'DATABASE_URL') };
}
