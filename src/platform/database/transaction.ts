import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Transaction as KyselyTransaction } from 'kysely';

/** An open transaction: MikroORM's entity manager bound to one connection. Stores take it as their first, required argument. */
export type Transaction = EntityManager;

/**
 * Runs one statement with bound `$1` parameters inside the transaction.
 * (`em.execute` of MikroORM writes the values into the SQL text: no plan is reused and values reach the server's log.)
 */
export async function query<Row>(tx: Transaction, sql: string, params: readonly unknown[] = []): Promise<Row[]> {
  const context = tx.getTransactionContext<KyselyTransaction<unknown>>();
  if (!context) throw new Error('query() was called outside a transaction');
  const result = await context.executeQuery<Row>(CompiledQuery.raw(sql, [...params]));
  return result.rows;
}
