import { ChainVerifier } from '../../src/platform/event-log/chain-verifier.js';
import { eventually } from './eventually.js';
import { Service } from './service.js';
import { type ServiceProcess, startServiceProcess } from './service-process.js';
import { ShopTruth } from './shop-truth.js';
import { type QueueBackend, redisForTest } from './test-redis.js';
import { type TokenWorld, tokenWorld } from './token-app.js';

/** What the service promises after a crash. */
export const RESUMED_WITHIN_MS = 30_000;
/** Enough that a sync takes a while and has many pages to die between. */
const ORDERS = 1_200;
/** Pages come slowly enough that each kill meets a sync in its middle. */
const LATENCY_MS = 120;

export interface Round {
  readonly resumedAfterMs: number;
  readonly landedBeforeKill: number;
}

export interface Verdict {
  readonly lost: number;
  readonly doubled: number;
  readonly orders: number;
  /** Orders whose document is not what the shop says. */
  readonly different: number;
  readonly chainsWhole: boolean;
}

/** Two worker processes, a scheduler, one Allegro; each round kills the worker that syncs, in the middle of its work. */
export class KillStage {
  private readonly workers = new Map<number, ServiceProcess>();
  private rounds = 0;

  private constructor(
    private readonly world: TokenWorld,
    private readonly services: { readonly api: Service; readonly scheduler: Service },
    private readonly env: Readonly<Record<string, string>>,
    private readonly releaseQueue: () => Promise<void>,
  ) {}

  static async open(backend: QueueBackend): Promise<KillStage> {
    const world = await tokenWorld({ orders: ORDERS, seed: 31, latencyMs: LATENCY_MS, sessionsPerSeller: 1_000 });
    const redis = backend === 'redis' ? await redisForTest() : null;
    const env: Record<string, string> = redis ? { REDIS_URL: redis.url } : {};
    const api = await Service.start(world, { role: 'api', env });
    const scheduler = await Service.start(world, { role: 'scheduler', env });
    const stage = new KillStage(world, { api, scheduler }, env, async () => redis?.release());
    await Promise.all([stage.startWorker(), stage.startWorker()]);
    return stage;
  }

  async close(): Promise<void> {
    for (const worker of this.workers.values()) worker.signal('SIGKILL');
    await Promise.all([...this.workers.values()].map((worker) => worker.ended));
    await this.services.scheduler.stop();
    await this.services.api.stop();
    await this.releaseQueue();
    await this.world.release();
  }

  /** One account, one full sync, one kill in its middle; answers when it went on, and what is in the log at its end. */
  async round(): Promise<Round & Verdict> {
    this.rounds += 1;
    const tenant = `tenant-${String(this.rounds)}`;
    const { tokenId, accountId } = await this.services.api.connect('shop', undefined, tenant);
    const started = await this.services.api.call('POST', '/sync/start', { token_id: tokenId, force_full_sync: true }, tenant);
    const landedBeforeKill = await eventually('some of the orders landed', async () => ((await this.landed(accountId)) >= 200 ? this.landed(accountId) : null));
    const generation = await this.kill(accountId);
    const killedAt = Date.now();
    await eventually('another worker went on', async () => (await this.lease(accountId)).generation > generation, RESUMED_WITHIN_MS * 2);
    const resumedAfterMs = Date.now() - killedAt;
    await this.startWorker();
    const taskId = String(started.body['task_id']);
    await eventually(
      'the sync ended',
      async () => (await this.services.api.call('GET', `/sync/tasks/${taskId}`, undefined, tenant)).body['status'] === 'SUCCESS',
      60_000,
    );
    return { resumedAfterMs, landedBeforeKill, ...(await this.verdict(accountId)) };
  }

  private async startWorker(): Promise<void> {
    const worker = await startServiceProcess({ ...this.world.environment, ...this.env, ROLE: 'worker', LOG_LEVEL: 'error' });
    if (worker.url === null) throw new Error(`a worker did not start: ${worker.stderr()}${worker.stdout()}`);
    this.workers.set(worker.pid, worker);
  }

  private async kill(accountId: string): Promise<bigint> {
    const { holder, generation } = await this.lease(accountId);
    const pid = Number.parseInt(holder ?? '', 10);
    const worker = this.workers.get(pid);
    if (!worker) throw new Error(`the account is held by ${String(holder)}, not by a worker of this test`);
    worker.signal('SIGKILL');
    await worker.ended;
    this.workers.delete(pid);
    return generation;
  }

  private async lease(accountId: string): Promise<{ holder: string | null; generation: bigint }> {
    const { rows } = await this.world.owner.query<{ holder: string | null; generation: string }>(
      'select holder, generation from event_log.writer_leases where account_id = $1',
      [accountId],
    );
    return { holder: rows[0]?.holder ?? null, generation: BigInt(rows[0]?.generation ?? 0) };
  }

  private async landed(accountId: string): Promise<number> {
    const { rows } = await this.world.owner.query<{ count: number }>('select count(*)::int as count from orders where account_id = $1', [accountId]);
    return rows[0]?.count ?? 0;
  }

  private async verdict(accountId: string): Promise<Verdict> {
    const { rows } = await this.world.owner.query<{ order_id: string; forms: number }>(
      `select o.order_id, (select count(*)::int from event_log.order_events e where e.stream_id = o.stream_id and e.type = 'form.read') as forms
       from orders o where o.account_id = $1`,
      [accountId],
    );
    const held = new Set(rows.map((row) => row.order_id));
    const lost = this.world.sandbox.orderIds().filter((id) => !held.has(id)).length;
    const different = (await new ShopTruth(this.world, accountId).differences()).length;
    const database = { query: async <Row>(sql: string, params: readonly unknown[] = []) => (await this.world.owner.query(sql, [...params])).rows as Row[] };
    const { verified } = await new ChainVerifier(database).verify({ accountId });
    return { orders: rows.length, lost, doubled: rows.filter((row) => row.forms !== 1).length, different, chainsWhole: verified };
  }
}
