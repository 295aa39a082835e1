import type { ReadSubjects } from './read-routes.js';
import { multiplyOrders } from './many-orders.js';
import { setReadStage } from './read-stage.js';
import { tell } from './run-bench.js';
import { type BenchDatabase, type BenchService, onDatabase, type Stage } from './stage.js';

/** So many orders are synced; the rest are copies of them. */
const SYNCED = 5_000;

export interface LargeAccount {
  readonly service: BenchService;
  readonly database: BenchDatabase;
  readonly accountId: string;
  readonly subjects: ReadSubjects;
}

/** A service whose one account has `orders` orders, every tenth with its flags set. It answers only: what runs in the background has ended. */
export async function largeAccount(stage: Stage, orders: number): Promise<LargeAccount> {
  const sandbox = await stage.sandbox('--orders', String(Math.min(orders, SYNCED)));
  const database = await stage.database();
  const background = await stage.service({ database, sandbox });
  const subjects = await setReadStage(background.api, sandbox);
  await background.program.stop();
  const startedAt = performance.now();
  await multiplyOrders(database.ownerUrl, orders);
  const accountId = await onDatabase(database.ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ accountId: string; orders: string }>('select account_id as "accountId", count(*) as orders from orders group by 1');
    tell(`${String(rows[0]?.orders)} orders in one account, copied in ${String(Math.round((performance.now() - startedAt) / 1_000))} s`);
    return String(rows[0]?.accountId);
  });
  return { service: await stage.service({ database, sandbox, env: { ROLE: 'api' } }), database, accountId, subjects };
}
