import { eventually } from './eventually.js';
import { type Json, Service } from './service.js';
import { ShopTruth } from './shop-truth.js';
import { type TokenWorld, tokenWorld } from './token-app.js';

/** What the journal does to live orders: says nothing of 1 %, is an hour late with 1 %, repeats 5 %, keeps no order; 2 % are merged. */
const FAULTS = 'hidden=0.01,late=0.01:3600000,duplicate=0.05,shuffle=1,merge=0.02';
/** Enough for thousands of orders on a busy machine. */
const PATIENCE_MS = 300_000;

export interface Swept {
  readonly certificate: Json & { readonly counts: Readonly<Record<string, number>>; readonly healed: readonly string[]; readonly held: readonly string[] };
  readonly differencesBefore: readonly string[];
  readonly differencesAfter: readonly string[];
  readonly doubled: number;
  readonly parents: readonly { readonly id: string; readonly into: string }[];
}

/** A shop whose journal cannot be relied on, and an account that has read what it says. */
export class DisturbedShop {
  private constructor(
    readonly world: TokenWorld,
    readonly service: Service,
    readonly account: { readonly tokenId: string; readonly accountId: string },
    private readonly scheduler: Service | null,
  ) {}

  /** @param work what runs the tasks: this process by itself, or processes of the test's own, beside a scheduler in this one */
  static async open(
    orders: number,
    work: { readonly start: (world: TokenWorld) => Promise<void>; readonly latencyMs: number } | null = null,
  ): Promise<DisturbedShop> {
    const world = await tokenWorld({ orders: 50, seed: 41, sessionsPerSeller: 1_000, latencyMs: work?.latencyMs ?? 0 });
    const service = await Service.start(world, { role: work ? 'api' : 'all' });
    const scheduler = work ? await Service.start(world, { role: 'scheduler' }) : null;
    await work?.start(world);
    const account = await service.connect();
    const shop = new DisturbedShop(world, service, account, scheduler);
    await shop.sync();
    world.sandbox.setFaults(FAULTS);
    await shop.trade(orders);
    return shop;
  }

  async close(): Promise<void> {
    await this.scheduler?.stop();
    await this.service.stop();
    await this.world.release();
  }

  truth(): ShopTruth {
    return new ShopTruth(this.world, this.account.accountId);
  }

  /** Starts the task and answers its id. */
  async start(path: '/sync/start' | '/sync/sweep', body: Json = {}): Promise<string> {
    const started = await this.service.call('POST', path, { token_id: this.account.tokenId, ...body });
    if (started.status !== 200) throw new Error(`${path} answered ${JSON.stringify(started.body)}`);
    return String(started.body['task_id']);
  }

  async ended(taskId: string): Promise<Json> {
    return eventually(
      'the task ended',
      async () => {
        const { body } = await this.service.call('GET', `/sync/tasks/${taskId}`);
        return body['status'] === 'PENDING' || body['status'] === 'STARTED' ? null : body;
      },
      PATIENCE_MS,
    );
  }

  async sync(): Promise<void> {
    const { status, error } = await this.ended(await this.start('/sync/start'));
    if (status !== 'SUCCESS') throw new Error(`the sync ended as ${String(status)}: ${String(error)}`);
  }

  /** @param meanwhile runs while the sweep does */
  async sweep(meanwhile: (taskId: string) => Promise<void> = () => Promise.resolve()): Promise<Swept> {
    const differencesBefore = await this.truth().differences();
    const taskId = await this.start('/sync/sweep');
    await meanwhile(taskId);
    const task = await this.ended(taskId);
    if (task['status'] !== 'SUCCESS') throw new Error(`the sweep ended as ${JSON.stringify(task)}`);
    const id = String((task['result'] as Json)['certificate_id']);
    const { body } = await this.service.call('GET', `/certificates/${id}?token_id=${this.account.tokenId}`);
    return {
      certificate: body as Swept['certificate'],
      differencesBefore,
      differencesAfter: await this.truth().differences(),
      doubled: await this.truth().doubled(),
      parents: this.world.sandbox.merged(),
    };
  }

  /** Buys, lets the account read it, pays and merges, lets the account read again what the journal tells of it. */
  async trade(orders: number): Promise<void> {
    const { sandbox } = this.world;
    const ids = sandbox.createOrders({ count: orders });
    sandbox.advanceClock(60_000);
    await this.sync();
    const kinds = sandbox.kinds();
    for (const [index, id] of ids.entries()) {
      if (kinds[id] === 'merged') sandbox.change(sandbox.change(id, { kind: 'merge' }), { kind: 'pay' });
      else if (index % 5 !== 0) sandbox.change(id, { kind: 'pay' });
      if (kinds[id] !== 'merged' && index % 3 === 0 && index % 5 !== 0) sandbox.change(id, { kind: 'fulfil', status: 'SENT' });
    }
    sandbox.advanceClock(60_000);
    await this.sync();
  }
}
