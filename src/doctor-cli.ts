import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { readingUrl } from './platform/config/connection-urls.js';
import type { Database } from './platform/database/database.js';
import { inspectWalls, type Wall } from './platform/database/walls.js';

/** Exit codes: 0 every wall stands (optional ones aside), 1 one is missing, 2 could not be looked at. */
const MISSING = 1;
const NOT_LOOKED_AT = 2;

function lineOf({ wall, stands, missing, optional }: Wall): string {
  if (stands) return `stands   ${wall}`;
  return `${optional ? 'absent ' : 'MISSING'}  ${wall} (${missing.join(', ')})`;
}

/** Looks as the service's own login: what that may do is what matters. Changes nothing. */
async function main(): Promise<number> {
  parseArgs({ options: {} });
  const pool = new Pool({ connectionString: readingUrl(process.env).reveal(), max: 1 });
  const database: Pick<Database, 'query'> = {
    query: async <Row>(sql: string, params?: readonly unknown[]) => (await pool.query(sql, [...(params ?? [])])).rows as Row[],
  };
  try {
    const walls = await inspectWalls(database);
    process.stdout.write(walls.map((wall) => `${lineOf(wall)}\n`).join(''));
    return walls.every(({ stands, optional }) => stands || optional) ? 0 : MISSING;
  } finally {
    await pool.end();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`the walls could not be looked at: ${error instanceof Error ? error.message : String(error)}\n`);
  return NOT_LOOKED_AT;
});
