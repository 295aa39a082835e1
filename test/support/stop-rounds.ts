import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { bearer, tokenOf } from './access-tokens.js';
import { eventually } from './eventually.js';
import { ServiceClient } from './service-client.js';
import { type ServiceProcess, startServiceProcess } from './service-process.js';
import { SteadyClients } from './steady-clients.js';
import { type QueueBackend, redisForTest } from './test-redis.js';
import { type TokenWorld, tokenWorld } from './token-app.js';

/** What the service promises after SIGTERM. */
export const STOPPED_WITHIN_MS = 10_000;
/** With the latency a sync of five seconds, which a process that only waits for it could not have finished before it stops. */
const ORDERS = 1_200;
const LATENCY_MS = 400;
/** A page of the history: the sync has begun to write. */
const LANDED_BEFORE_STOP = 100;
const CLIENTS = 10;

export interface StopRound {
  readonly exitCode: number | null;
  readonly stoppedAfterMs: number;
  readonly answered: number;
  /** What clients saw besides answers of 200 and, in the end, a closed door. */
  readonly strange: readonly string[];
  /** Orders in the log when the process had ended: all of them would mean that the signal came too late. */
  readonly landedAtStop: number;
  /** Of the task, once the process had ended. */
  readonly taskAfterStop: string;
  readonly runsLeftRunning: number;
  readonly leasesLeft: number;
  /** From the next process's first answer until it works on the account: on this sync, or on the first one that linking owes. */
  readonly resumedAfterMs: number;
  readonly lost: number;
  readonly doubled: number;
  readonly chainsWhole: boolean;
}

/** One process of all roles after the other: each is told to stop while it syncs and serves, the next one finishes its work. */
export class StopStage {
  private rounds = 0;

  private constructor(
    private readonly world: TokenWorld,
    private readonly env: Readonly<Record<string, string>>,
    private readonly releaseQueue: () => Promise<void>,
    private service: ServiceProcess,
  ) {}

  static async open(backend: QueueBackend): Promise<StopStage> {
    const world = await tokenWorld({ orders: ORDERS, seed: 37, latencyMs: LATENCY_MS, sessionsPerSeller: 1_000 });
    const redis = backend === 'redis' ? await redisForTest() : null;
    const env: Record<string, string> = redis ? { REDIS_URL: redis.url } : {};
    return new StopStage(world, env, async () => redis?.release(), await startService(world, env));
  }

  async close(): Promise<void> {
    this.service.signal('SIGKILL');
    await this.service.ended;
    await this.releaseQueue();
    await this.world.release();
  }

  async round(): Promise<StopRound> {
    this.rounds += 1;
    const tenant = `tenant-${String(this.rounds)}`;
    const client = new ServiceClient(this.service.url ?? '', tenant);
    const tokenId = await client.connect(this.world);
    const taskId = await client.startSync(tokenId, true);
    const paths = [`orders?token_id=${tokenId}`, 'tokens', `sync/tasks/${taskId}`, `orders/technical-flags/summary?token_id=${tokenId}`];
    const clients = new SteadyClients(
      CLIENTS,
      paths.map((path) => `${this.service.url ?? ''}/api/v1/${path}`),
      bearer(tokenOf(tenant)),
    );
    await eventually('the sync is in its middle', async () => (await this.landed(tokenId)) >= LANDED_BEFORE_STOP && clients.outcomes.length > CLIENTS);
    const stopped = await this.stop(clients);
    const left = await this.leftBehind(tokenId, taskId);
    this.service = await startService(this.world, this.env);
    const next = new ServiceClient(this.service.url ?? '', tenant);
    const listeningAt = performance.now();
    await eventually(
      'the next process goes on with the account',
      async () => (await this.leases()) > 0 || (await next.taskStatus(taskId)) === 'SUCCESS',
      60_000,
    );
    const resumedAfterMs = Math.round(performance.now() - listeningAt);
    await eventually('the next process finishes the sync', async () => (await next.taskStatus(taskId)) === 'SUCCESS', 60_000);
    return { ...stopped, ...left, resumedAfterMs, ...(await this.verdict(tokenId)) };
  }

  private async stop(clients: SteadyClients): Promise<Pick<StopRound, 'exitCode' | 'stoppedAfterMs' | 'answered' | 'strange'>> {
    const startedAt = performance.now();
    this.service.signal('SIGTERM');
    const exitCode = await this.service.ended;
    const stoppedAfterMs = Math.round(performance.now() - startedAt);
    await clients.gone();
    const seen = clients.outcomes.map(({ status, error }) => error ?? String(status));
    return {
      exitCode,
      stoppedAfterMs,
      answered: seen.filter((outcome) => outcome === '200').length,
      strange: seen.filter((outcome) => outcome !== '200' && outcome !== 'ECONNREFUSED'),
    };
  }

  private async leftBehind(tokenId: string, taskId: string): Promise<Pick<StopRound, 'landedAtStop' | 'taskAfterStop' | 'runsLeftRunning' | 'leasesLeft'>> {
    const { rows } = await this.world.owner.query<{ task: string; runs: number }>(
      `select (select status from tasks where id = $1) as task, (select count(*)::int from sync_runs where sync_status = 'RUNNING') as runs`,
      [taskId],
    );
    const [row] = rows;
    return { landedAtStop: await this.landed(tokenId), taskAfterStop: row?.task ?? 'gone', runsLeftRunning: row?.runs ?? -1, leasesLeft: await this.leases() };
  }

  private async leases(): Promise<number> {
    const sql = 'select count(*)::int as count from event_log.writer_leases where holder is not null';
    return (await this.world.owner.query<{ count: number }>(sql)).rows[0]?.count ?? 0;
  }

  private async landed(tokenId: string): Promise<number> {
    const sql = 'select count(*)::int as count from orders o join tokens t using (account_id) where t.id = $1';
    return (await this.world.owner.query<{ count: number }>(sql, [tokenId])).rows[0]?.count ?? 0;
  }

  private async verdict(tokenId: string): Promise<Pick<StopRound, 'lost' | 'doubled' | 'chainsWhole'>> {
    const { rows } = await this.world.owner.query<{ order_id: string; account_id: string; forms: number }>(
      `select o.order_id, o.account_id, (select count(*)::int from event_log.order_events e where e.stream_id = o.stream_id and e.type = 'form.read') as forms
       from orders o join tokens t using (account_id) where t.id = $1`,
      [tokenId],
    );
    const held = new Set(rows.map((row) => row.order_id));
    const database = { query: async <Row>(sql: string, params: readonly unknown[] = []) => (await this.world.owner.query(sql, [...params])).rows as Row[] };
    const { verified } = await new ChainVerifier(database).verify({ accountId: rows[0]?.account_id ?? '0' });
    return {
      lost: this.world.sandbox.orderIds().filter((id) => !held.has(id)).length,
      doubled: rows.filter((row) => row.forms !== 1).length,
      chainsWhole: verified,
    };
  }
}

async function startService(world: TokenWorld, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const service = await startServiceProcess({ ...world.environment, ...env, ROLE: 'all', LOG_LEVEL: 'error' });
  if (service.url === null) throw new Error(`the service did not start: ${service.stderr()}${service.stdout()}`);
  return service;
}
