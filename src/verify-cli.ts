import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { ChainVerifier } from './platform/event-log/chain-verifier.js';
import type { Database } from './platform/database/database.js';

/** Exit codes: 0 whole, 1 flawed, 2 could not be checked. */
const FLAWED = 1;
const NOT_CHECKED = 2;

const { values } = parseArgs({ options: { account: { type: 'string' }, order: { type: 'string' } } });

/** Needs no key and no configuration but a connection that may read the log: ciphertexts are what is hashed. */
async function main(): Promise<number> {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
  const database: Pick<Database, 'query'> = { query: async <Row>(sql: string, params: readonly unknown[] = []) => (await pool.query(sql, [...params])).rows as Row[] };
  try {
    const scope = { ...(values.account === undefined ? {} : { accountId: values.account }), ...(values.order === undefined ? {} : { orderId: values.order }) };
    const report = await new ChainVerifier(database).verify(scope);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.verified ? 0 : FLAWED;
  } finally {
    await pool.end();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`the log could not be checked: ${error instanceof Error ? error.message : String(error)}\n`);
  return NOT_CHECKED;
});
