import { DisturbedShop, type Swept } from './disturbed-shop.js';
import { eventually } from './eventually.js';
import { type ServiceProcess, startServiceProcess } from './service-process.js';
import type { TokenWorld } from './token-app.js';

/** Pages come slowly enough that each kill meets a sweep in its middle. */
const LATENCY_MS = 80;
/** A silent process is noticed after 15 s, and its queue's lock after as long again. */
const TAKEOVER_MS = 60_000;

/** Two worker processes and a shop whose journal cannot be relied on; the worker that sweeps is killed again and again. */
export class SweepKills {
  private readonly workers = new Map<number, ServiceProcess>();
  private world: TokenWorld | null = null;
  kills = 0;

  private constructor() {}

  static async open(orders: number): Promise<{ stage: SweepKills; shop: DisturbedShop }> {
    const stage = new SweepKills();
    const start = async (world: TokenWorld): Promise<void> => {
      stage.world = world;
      await Promise.all([stage.startWorker(), stage.startWorker()]);
    };
    return { stage, shop: await DisturbedShop.open(orders, { start, latencyMs: LATENCY_MS }) };
  }

  async close(shop: DisturbedShop): Promise<void> {
    for (const worker of this.workers.values()) worker.signal('SIGKILL');
    await Promise.all([...this.workers.values()].map((worker) => worker.ended));
    await shop.close();
  }

  /** One sweep whose worker is killed up to so many times, each time in the middle of another window. */
  async sweep(shop: DisturbedShop, kills: number): Promise<Swept> {
    return shop.sweep(async (taskId) => {
      let place = '';
      const enough = this.kills + kills;
      while (this.kills < enough) {
        const reached = await eventually('the sweep is at another window, or has ended', () => this.place(taskId, place), TAKEOVER_MS);
        if (reached === 'ended') return;
        place = reached;
        await this.killHolder(shop.account.accountId);
      }
    });
  }

  /** Where the sweep goes on now, once that is another place than before and a worker holds the account. */
  private async place(taskId: string, before: string): Promise<string | null> {
    const sql = `select t.status, c.resume_from::text as place, l.expires_at > now() as held from tasks t join completeness_certificates c on c.task_id = t.id
      left join event_log.writer_leases l on l.account_id = t.account_id where t.id = $1`;
    const row = (await this.world?.owner.query<{ status: string; place: string; held: boolean | null }>(sql, [taskId]))?.rows[0];
    if (row && !['PENDING', 'STARTED'].includes(row.status)) return 'ended';
    return row?.held === true && row.place !== before ? row.place : null;
  }

  private async killHolder(accountId: string): Promise<void> {
    const rows = (await this.world?.owner.query<{ holder: string | null }>('select holder from event_log.writer_leases where account_id = $1', [accountId]))
      ?.rows;
    const worker = this.workers.get(Number.parseInt(rows?.[0]?.holder ?? '', 10));
    if (!worker) return;
    worker.signal('SIGKILL');
    await worker.ended;
    this.workers.delete(worker.pid);
    this.kills += 1;
    await this.startWorker();
  }

  private async startWorker(): Promise<void> {
    const worker = await startServiceProcess({ ...this.world?.environment, ROLE: 'worker', LOG_LEVEL: 'error' });
    if (worker.url === null) throw new Error(`a worker did not start: ${worker.stderr()}${worker.stdout()}`);
    this.workers.set(worker.pid, worker);
  }
}
