import { Webhook } from 'standardwebhooks';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { eventually } from './eventually.js';
import { formReading, inventedForm } from './invented-orders.js';
import { type Json, Service } from './service.js';
import { type TokenWorld, tokenWorld } from './token-app.js';
import { type Answering, type Received, TestReceiver } from './webhook-receiver.js';

/** Receivers stand on this machine. */
export const LOOPBACK_ALLOWED = { DEMO_MODE: 'true', WEBHOOKS_ALLOW_LOOPBACK: 'true' } as const;

export interface Subscribed {
  readonly id: string;
  readonly secret: string;
}

/** A process that serves, one that works (none that schedules, so that no sync comes in between), a linked seller, and receivers. */
export class WebhookWorld {
  private readonly receivers: TestReceiver[] = [];

  private constructor(
    readonly world: TokenWorld,
    readonly service: Service,
    private readonly worker: Service | null,
    readonly shop: { readonly tokenId: string; readonly accountId: string },
  ) {}

  /** @param works whether a process of this test sends; others may do it instead */
  static async start(works = true): Promise<WebhookWorld> {
    const world = await tokenWorld();
    const service = await Service.start(world, { role: 'api', env: LOOPBACK_ALLOWED });
    const worker = works ? await Service.start(world, { role: 'worker', env: LOOPBACK_ALLOWED }) : null;
    return new WebhookWorld(world, service, worker, await service.connect());
  }

  async stop(): Promise<void> {
    await this.worker?.stop();
    await this.service.stop();
    await Promise.all(this.receivers.map((receiver) => receiver.stop()));
    await this.world.release();
  }

  async receiver(answer?: Answering): Promise<TestReceiver> {
    const receiver = await TestReceiver.start(answer);
    this.receivers.push(receiver);
    return receiver;
  }

  async subscribe(url: string, settings: Json = {}): Promise<Subscribed> {
    const { status, body } = await this.service.call('POST', '/webhooks', { url, ...settings });
    if (status !== 201) throw new Error(`the webhook was not made: ${JSON.stringify(body)}`);
    return { id: String(body['id']), secret: String(body['secret']) };
  }

  /** An order as Allegro answers it now; a status it did not have before is a change. */
  async read(orderId: string, changes: Record<string, string> = {}, accountId = this.shop.accountId): Promise<void> {
    const forms = [formReading(inventedForm(orderId, changes))];
    await this.service.app.get(OrderRecorder).record({ accountId, fence: null, actor: 'sync', journal: [], forms });
  }

  /** What is owed is due now, whatever it waits for. */
  async hurry(): Promise<void> {
    await this.world.owner.query(`update webhook_deliveries set next_attempt_at = now() where state = 'owed' and next_attempt_at > now()`);
    await this.world.owner.query(`update webhooks set quiet_until = null where quiet_until is not null`);
  }

  async webhook(id: string): Promise<Json> {
    return (await this.service.call('GET', `/webhooks/${id}`)).body;
  }

  async deliveries(id: string, query = ''): Promise<Json[]> {
    return (await this.service.call('GET', `/webhooks/${id}/deliveries${query}`)).body['deliveries'] as Json[];
  }

  /** The log's one delivery, when it is no longer owed. */
  async ended(id: string): Promise<Json> {
    return eventually('the delivery ended', async () => (await this.deliveries(id)).find(({ state }) => state !== 'owed'));
  }
}

/** What a request says, its signature verified by the library. */
export function verified({ body, headers }: Received, secret: string): Json {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as Json;
}

export const typeOf = ({ body }: Received): unknown => (JSON.parse(body) as Json)['type'];
