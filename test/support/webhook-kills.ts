import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from './eventually.js';
import { type ServiceProcess, startServiceProcess } from './service-process.js';
import { type Answering, answering, type Received, type TestReceiver } from './webhook-receiver.js';
import { LOOPBACK_ALLOWED, type Subscribed, verified, WebhookWorld } from './webhook-world.js';

const ORDERS = 20;
/** Of all requests so many are refused, and of these some by hanging up. */
const FAILING = 0.3;
const LONGEST_ANSWER_MS = 30;
/** So many requests after its start a process is killed, with others under way. */
const REQUESTS_BEFORE_KILL = 12;

const failingAtRandom: Answering = async (request, response) => {
  await delay(Math.random() * LONGEST_ANSWER_MS);
  if (Math.random() >= FAILING) return answering(200)(request, response);
  if (Math.random() < 0.8) return answering(503)(request, response);
  response.destroy();
  return 0;
};

interface Told {
  readonly id: string;
  readonly order: string;
  readonly type: string;
  readonly sequence: number;
  readonly status: number;
}

interface Verdict {
  readonly kills: number;
  readonly events: number;
  /** Events that no request with that type and sequence was answered 2xx for. */
  readonly missing: string[];
  /** Events that came under more than one id. */
  readonly manyIds: string[];
  /** Requests that came after a later one of the same order. */
  readonly outOfOrder: string[];
  readonly requests: number;
}

/** A receiver that fails at random, a process that sends and is killed, and orders that change all the while. */
export class WebhookKills {
  private worker: ServiceProcess | null = null;
  private kills = 0;
  private changes = 0;

  private constructor(
    private readonly stage: WebhookWorld,
    private readonly receivers: readonly { readonly receiver: TestReceiver; readonly webhook: Subscribed }[],
  ) {}

  static async open(): Promise<WebhookKills> {
    const stage = await WebhookWorld.start(false);
    const subscribe = async (payload: string) => {
      const receiver = await stage.receiver(failingAtRandom);
      return { receiver, webhook: await stage.subscribe(receiver.url, { payload }) };
    };
    return new WebhookKills(stage, [await subscribe('thin'), await subscribe('full')]);
  }

  async close(): Promise<void> {
    await this.kill();
    await this.stage.stop();
  }

  /** Changes orders all the while, kills the process that sends so many times, then lets one come to an end. */
  async run({ kills, events }: { kills: number; events: number }): Promise<Verdict> {
    const writing = this.write(events);
    while (this.kills < kills) {
      await this.startWorker();
      const enough = this.requests() + REQUESTS_BEFORE_KILL;
      await this.hurriedUntil(
        'requests are under way',
        () => this.requests() >= enough || (this.changes >= events && this.requests() > enough - REQUESTS_BEFORE_KILL),
      );
      await this.kill();
      this.kills += 1;
    }
    await writing;
    await this.startWorker();
    await this.hurriedUntil('nothing is owed any more', async () => (await this.owed()) === 0);
    return this.verdict();
  }

  private requests(): number {
    return this.receivers.reduce((sum, { receiver }) => sum + receiver.received.length, 0);
  }

  /** In pieces, so that something is new for every process. */
  private async write(events: number): Promise<void> {
    for (this.changes = 0; this.changes < events; this.changes += 1) {
      await this.stage.read(`order-${String(this.changes % ORDERS)}`, { revision: `r${String(this.changes)}` });
      if (this.changes % ORDERS === 0) await delay(1);
    }
  }

  private async startWorker(): Promise<void> {
    const worker = await startServiceProcess({ ...this.stage.world.environment, ...LOOPBACK_ALLOWED, ROLE: 'worker', LOG_LEVEL: 'error' });
    if (worker.url === null) throw new Error(`a worker did not start: ${worker.stderr()}${worker.stdout()}`);
    this.worker = worker;
  }

  private async kill(): Promise<void> {
    this.worker?.signal('SIGKILL');
    await this.worker?.ended;
    this.worker = null;
  }

  /** Waits while time passes faster: what is to be tried again is due. */
  private async hurriedUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await eventually(
      what,
      async () => {
        await this.stage.hurry();
        await delay(50);
        return (await holds()) || null;
      },
      120_000,
    );
  }

  private async owed(): Promise<number> {
    const { rows } = await this.stage.world.owner.query<{ owed: number }>(
      `select (select count(*) from webhook_deliveries where state = 'owed')::int
         + (select count(*) from event_log.outbox o, webhook_feed f where (o.epoch, o.xid, o.seq) > (f.epoch, f.xid, f.seq))::int as owed`,
    );
    return rows[0]?.owed ?? 0;
  }

  private async verdict(): Promise<Verdict> {
    const { rows } = await this.stage.world.owner.query<{ event: string }>(
      `select o.order_id || ' ' || t.topic || ' ' || (o.version * 10 + t.place - 1) as event
       from event_log.outbox o cross join lateral unnest(o.topics) with ordinality t (topic, place)`,
    );
    const events = rows.map(({ event }) => event);
    const judged = this.receivers.map(({ receiver, webhook }) =>
      judge(
        events,
        receiver.received.map((request) => toldBy(request, webhook.secret)),
      ),
    );
    const all = (of: (one: (typeof judged)[number]) => string[]) => judged.flatMap(of);
    return {
      kills: this.kills,
      events: events.length * judged.length,
      missing: all(({ missing }) => missing),
      manyIds: all(({ manyIds }) => manyIds),
      outOfOrder: all(({ outOfOrder }) => outOfOrder),
      requests: this.requests(),
    };
  }
}

/** @throws when the library does not take the signature */
function toldBy(request: Received, secret: string): Told {
  const { type, data } = verified(request, secret) as { type: string; data: { order_id: string; sequence: number } };
  return { id: String(request.headers['webhook-id']), order: data.order_id, type, sequence: data.sequence, status: request.status };
}

function judge(events: readonly string[], told: readonly Told[]): Pick<Verdict, 'missing' | 'manyIds' | 'outOfOrder'> {
  const eventOf = ({ order, type, sequence }: Told) => `${order} ${type} ${String(sequence)}`;
  const delivered = new Set(told.filter(({ status }) => status === 200).map(eventOf));
  const ids = new Map<string, Set<string>>();
  const reached = new Map<string, number>();
  const outOfOrder: string[] = [];
  for (const one of told) {
    ids.set(eventOf(one), (ids.get(eventOf(one)) ?? new Set()).add(one.id));
    if (one.sequence < (reached.get(one.order) ?? 0)) outOfOrder.push(eventOf(one));
    reached.set(one.order, Math.max(one.sequence, reached.get(one.order) ?? 0));
  }
  const manyIds = [...ids].filter(([, own]) => own.size > 1).map(([event]) => event);
  const sharedId = new Set(told.map(({ id }) => id)).size < ids.size ? ['one id for several events'] : [];
  return { missing: events.filter((event) => !delivered.has(event)), manyIds: [...manyIds, ...sharedId], outOfOrder };
}
