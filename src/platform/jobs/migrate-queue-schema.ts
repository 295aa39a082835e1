import { DEFAULT_SCHEMA, runMigrations } from 'bullmq';
import pg from 'pg';

/**
 * What the service's role needs of BullMQ's tables. No CREATE: BullMQ makes a sequence for each queue whose jobs come without ids
 * of their own, and ours always bring one.
 */
const GRANTS = [
  `grant usage on schema ${DEFAULT_SCHEMA} to order_service`,
  `grant select, insert, update, delete on all tables in schema ${DEFAULT_SCHEMA} to order_service`,
  `grant usage, select on all sequences in schema ${DEFAULT_SCHEMA} to order_service`,
  `grant execute on all functions in schema ${DEFAULT_SCHEMA} to order_service`,
  // The ledger is read at each start; nobody but the owner writes it.
  `revoke insert, update, delete on ${DEFAULT_SCHEMA}.migration from order_service`,
];

/**
 * Brings BullMQ's own PostgreSQL schema up to date as its owner and grants the service its use; several at once wait for each other.
 * @param ownerUrl connection of the role that may create schemas; the group role `order_service` must exist
 */
export async function migrateQueueSchema(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await runMigrations(client, DEFAULT_SCHEMA);
    for (const grant of GRANTS) await client.query(grant);
  } finally {
    await client.end();
  }
}
