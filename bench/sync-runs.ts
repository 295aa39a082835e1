import type { HttpApi } from '../launcher/http-api.js';
import { percentilesOf } from './percentiles.js';
import { seconds, tell } from './run-bench.js';
import { connectSeller } from './sandbox-seller.js';
import { type BenchDatabase, type BenchSandbox, onDatabase } from './stage.js';
import { successfulSync, timedSync } from './sync-task.js';

export interface RunsPlan {
  readonly accounts: number;
  readonly runs: number;
}

export interface RunsFigures {
  readonly runs: number;
  /** Tasks that ended well, also after being given back for Allegro's sake and tried again by the service itself. */
  readonly succeeded: number;
  /** Tasks that ended well at the first try. */
  readonly succeededAtOnce: number;
  readonly msPerRun: ReturnType<typeof percentilesOf>;
  readonly ordersNew: number;
  readonly faultsMade: unknown;
  /** Orders of the shops that the service does not hold, or holds in two rows, once the faults have ended. */
  readonly lost: number;
  readonly doubled: number;
}

interface JournalLine {
  readonly formId: string;
  readonly visible: boolean;
}

/** Longer than the default faults hold an event back. */
const PAST_LATE_EVENTS_MS = 120_000;

/** Incremental syncs of several accounts at once, one after the other in each, while orders arrive and the sandbox fails as it is told. */
export async function measureRuns(stage: { service: HttpApi; sandbox: BenchSandbox; database: BenchDatabase }, plan: RunsPlan): Promise<RunsFigures> {
  const { service, sandbox } = stage;
  await sandbox.control.post('/_sandbox/faults', { faults: 'none' });
  const tokens: string[] = [];
  for (let seller = 0; seller < plan.accounts; seller += 1) {
    tokens.push(await connectSeller(service, sandbox, seller));
    await successfulSync(service, tokens[seller] ?? '', { full: false });
  }
  await sandbox.control.post('/_sandbox/faults', { faults: 'default' });
  await sandbox.control.post('/_sandbox/stats/reset');
  const startedAt = performance.now();
  let left = plan.runs;
  const ended = await Promise.all(
    tokens.map(async (tokenId) => {
      const syncs = [];
      for (; left > 0;) {
        left -= 1;
        syncs.push(await timedSync(service, tokenId, { full: false }));
      }
      return syncs;
    }),
  );
  const syncs = ended.flat();
  tell(`${String(syncs.length)} runs in ${String(seconds(performance.now() - startedAt))} s`);
  const { faults } = await sandbox.control.get('/_sandbox/stats');
  const atOnce = await endedAtOnce(
    stage.database,
    syncs.map((sync) => sync.taskId),
  );
  const truth = await compare(stage, tokens);
  return {
    runs: syncs.length,
    succeeded: syncs.filter((sync) => sync.status === 'SUCCESS').length,
    succeededAtOnce: atOnce,
    msPerRun: percentilesOf(syncs.map((sync) => sync.ms)),
    ordersNew: syncs.reduce((sum, sync) => sum + Number(sync.result['orders_created'] ?? 0), 0),
    faultsMade: faults,
    ...truth,
  };
}

/** Each claim of a task raises its generation: those that ended well under their first one needed no second try. */
async function endedAtOnce(database: BenchDatabase, taskIds: readonly string[]): Promise<number> {
  return onDatabase(database.ownerUrl, async (client) => {
    const sql = `select count(*)::int as count from tasks where id = any($1) and status = 'SUCCESS' and generation = 1`;
    const { rows } = await client.query<{ count: number }>(sql, [taskIds]);
    return rows[0]?.count ?? 0;
  });
}

/** One more sync without faults, once what the journal held back is there and forms that failed are due again; then every shop against the service's rows. */
async function compare(
  stage: { service: HttpApi; sandbox: BenchSandbox; database: BenchDatabase },
  tokens: readonly string[],
): Promise<{ lost: number; doubled: number }> {
  const { control } = stage.sandbox;
  await control.post('/_sandbox/faults', { faults: 'none' });
  await control.post('/_sandbox/arrivals', { count: tokens.length });
  // Orders go on arriving: what the shops hold now is what the journal has told once its late events are out.
  const shops = await Promise.all(tokens.map(async (_, seller) => idsOf(control, seller)));
  await control.post('/_sandbox/clock', { advanceMs: PAST_LATE_EVENTS_MS });
  await onDatabase(stage.database.ownerUrl, (client) => client.query('update owed_forms set next_try_at = now()'));
  let lost = 0;
  let doubled = 0;
  for (const [seller, tokenId] of tokens.entries()) {
    await successfulSync(stage.service, tokenId, { full: false });
    const held = await heldOrders(stage.database, tokenId);
    const told = new Set(await toldOrders(control, seller));
    const missing = (shops[seller] ?? []).filter((id) => !held.includes(id) && told.has(id));
    for (const id of missing) tell(`order ${id} is missing: ${await whatIsKnown(stage.database, id)}`);
    lost += missing.length;
    doubled += held.length - new Set(held).size;
  }
  return { lost, doubled };
}

async function idsOf(control: HttpApi, seller: number): Promise<string[]> {
  return (await control.get(`/_sandbox/orders?ids=1&seller=${String(seller)}`)).ids as string[];
}

/** Orders of which the journal says anything yet: of some kinds it says nothing before they are paid, and only a sweep finds them earlier. */
async function toldOrders(control: HttpApi, seller: number): Promise<string[]> {
  const { events } = await control.get(`/_sandbox/journal?seller=${String(seller)}`);
  return (events as readonly JournalLine[]).filter(({ visible }) => visible).map(({ formId }) => formId);
}

async function heldOrders(database: BenchDatabase, tokenId: string): Promise<string[]> {
  return onDatabase(database.ownerUrl, async (client) => {
    const sql = 'select o.order_id from orders o join tokens t using (account_id) where t.id = $1';
    const { rows } = await client.query<{ order_id: string }>(sql, [tokenId]);
    return rows.map((row) => row.order_id);
  });
}

/** Where a missing order was last seen, for whoever looks for the reason. */
async function whatIsKnown(database: BenchDatabase, orderId: string): Promise<string> {
  return onDatabase(database.ownerUrl, async (client) => {
    const events = await client.query('select type, source, recorded_at from event_log.order_events where order_id = $1 order by version', [orderId]);
    const owed = await client.query('select reason, attempts, last_error, next_try_at, now() from owed_forms where order_id = $1', [orderId]);
    const held = await client.query('select kind, reasons from quarantine_items where order_id = $1', [orderId]);
    return JSON.stringify({ events: events.rows, owed: owed.rows, held: held.rows });
  });
}
