import type pg from 'pg';
import { eventually } from './eventually.js';

/**
 * Waits until the feed shows everything that was committed before: it stops at the oldest transaction that is still open,
 * and that may be one of another test, in another database of the same server.
 */
export async function feedShowsAll(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ now: string }>('select pg_current_xact_id()::text as now');
  await eventually('no older transaction is open', async () => {
    const held = await owner.query<{ held: boolean }>('select pg_snapshot_xmin(pg_current_snapshot()) <= $1::xid8 as held', [rows[0]?.now]);
    return held.rows[0]?.held === false;
  });
}
