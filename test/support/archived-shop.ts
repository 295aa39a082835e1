import type { TestingModule } from '@nestjs/testing';
import { Sealing } from '../../src/data-protection/sealing.service.js';
import { SealsReadModel } from '../../src/data-protection/seals.read-model.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrdersModule } from '../../src/orders/orders.module.js';
import { Database } from '../../src/platform/database/database.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { type ArchiveWorld, settings } from './archive-world.js';
import { eventually } from './eventually.js';
import { formReading, inventedForm, journalReading } from './invented-orders.js';
import { commandEvent } from './log-events.js';
import { seedAccount } from './seeded-accounts.js';
import { startContext } from './service-context.js';

/** Orders a commit writes at once. */
const ORDERS_A_COMMIT = 250;

/** An account without Allegro: what its archive holds is written by the test. */
export class ArchivedShop {
  private constructor(
    readonly context: TestingModule,
    readonly accountId: string,
    private readonly world: ArchiveWorld,
  ) {}

  static async open(world: ArchiveWorld): Promise<ArchivedShop> {
    const providers = { imports: [OrdersModule], providers: [Sealing, SealsReadModel] };
    const context = await startContext(world.here.database, providers, settings(world.here));
    const { accountId } = await seedAccount(world.here.owner, 'tenant-a');
    return new ArchivedShop(context, accountId, world);
  }

  /** Another seller of the same installation. */
  async neighbour(): Promise<ArchivedShop> {
    const { accountId } = await seedAccount(this.world.here.owner, 'tenant-z');
    return new ArchivedShop(this.context, accountId, this.world);
  }

  /** Orders with buyers, each with an event of the journal and one that names no order. */
  async sell(ids: readonly string[]): Promise<void> {
    const at = '2026-03-01T09:00:00.000Z';
    const buyer = (id: string) => ({ buyer: { id: `buyer-of-${id}`, email: `buyer.of.${id}@example.com`, login: `login_${id}` } });
    const event = (id: string, order: object) =>
      journalReading({ id: `event-${id}`, type: 'BOUGHT', occurredAt: at, order: JSON.parse(JSON.stringify(order)) as Record<string, string> });
    await this.context.get(OrderRecorder).record({
      accountId: this.accountId,
      fence: null,
      actor: 'sync',
      journal: ids.flatMap((id) => [event(id, { checkoutForm: { id }, ...buyer(id) }), event(`lost-${id}`, { ...buyer(id), lineItems: [{ id: `x-${id}` }] })]),
      forms: ids.map((id) => formReading(inventedForm(id), at)),
    });
  }

  /** Streams of commands alone: many events, quickly. */
  async fill(orders: number, eventsEach: number): Promise<void> {
    const log = this.context.get(EventLog);
    for (let first = 0; first < orders; first += ORDERS_A_COMMIT) {
      const ids = Array.from({ length: Math.min(ORDERS_A_COMMIT, orders - first) }, (_, index) => `o-${String(first + index)}`);
      const events = Array.from({ length: eventsEach }, (_, index) => commandEvent(`c:${String(index)}`, { n: index }));
      await this.context.get(Database).transaction(async (tx) => {
        const heads = await log.load(
          tx,
          this.accountId,
          ids.map((orderId) => ({ orderId, dedupKeys: [] })),
        );
        await log.append(tx, { accountId: this.accountId, fence: null, heads, appends: ids.map((orderId) => ({ orderId, events })) });
      });
    }
  }

  /** As an erasure does it, without the copies. */
  async erase(orderId: string): Promise<void> {
    await this.world.here.owner.query(
      `select vault.destroy_keys(gen_random_uuid(), $1, 'tenant-a', null, 'olga', 'ticket', (select array_agg(k.buyer_ref) from vault.order_keys k
         join event_log.streams s using (stream_id) where s.account_id = $1 and s.order_id = $2), array[$2])`,
      [this.accountId, orderId],
    );
  }

  async seal(): Promise<void> {
    await eventually('the log is sealed', async () => {
      await this.context.get(Sealing).sealAll();
      return (await this.context.get(SealsReadModel).unsealed()).events === 0;
    });
  }
}
