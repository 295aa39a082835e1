import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { belowHorizon } from '../platform/event-log/horizon.js';
import { OutboxReaders } from '../platform/retention/outbox-readers.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { fanOut, feedPlace, lockFeed, lockReplay, replayNext } from './fan-out.store.js';
import { removeDeleted } from './webhooks.store.js';

/** As often as the stream of changes looks. */
const LOOK_INTERVAL_MS = 200;
/** Some 10 ms a transaction with a few webhooks: while one is open the feed stands still for others. */
const BATCH = 200;
/** What is deleted is seen by nobody meanwhile. */
const CLEAN_INTERVAL_MS = 5_000;
/** Some ten milliseconds. */
const ROWS_PER_CLEANING = 1_000;

const HAS_NEWS = `select exists (
  select from event_log.outbox o, webhook_feed f where (o.epoch, o.xid, o.seq) > (f.epoch, f.xid, f.seq) and ${belowHorizon('o')}) as news,
  exists (select from webhooks where replay_since is not null) as replays`;

/**
 * Makes deliveries of announcements: each once for each webhook, because the place in the feed moves in the transaction that writes them.
 * Whichever process is first does it; a second one finds the place taken and looks again later.
 */
@Injectable()
export class FanOut implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly database: Database,
    private readonly loops: SupervisedLoops,
    readers: OutboxReaders,
  ) {
    readers.register(feedPlace);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'worker' && this.config.role !== 'all') return;
    this.loops.start('webhook-fan-out', LOOK_INTERVAL_MS, (signal) => this.turn(signal));
    this.loops.start('webhook-cleaning', CLEAN_INTERVAL_MS, (signal) => this.clean(signal));
  }

  /** An idle look writes nothing: a lock taken each time would. */
  private async turn(signal: AbortSignal): Promise<void> {
    const [found] = await this.database.query<{ news: boolean; replays: boolean }>(HAS_NEWS);
    if (found?.news) await this.repeat(signal, (tx) => this.follow(tx));
    if (found?.replays) await this.repeat(signal, (tx) => this.replay(tx));
  }

  private async repeat(signal: AbortSignal, step: (tx: Transaction) => Promise<boolean>): Promise<void> {
    let more = true;
    while (more && !signal.aborted) more = await this.database.transaction(step);
  }

  private async follow(tx: Transaction): Promise<boolean> {
    const place = await lockFeed(tx);
    return place !== null && (await fanOut(tx, place, BATCH)) === BATCH;
  }

  private async replay(tx: Transaction): Promise<boolean> {
    const webhookId = await lockReplay(tx);
    return webhookId !== null && (await replayNext(tx, webhookId, BATCH));
  }

  private async clean(signal: AbortSignal): Promise<void> {
    await this.repeat(signal, async (tx) => (await removeDeleted(tx, ROWS_PER_CLEANING)) >= ROWS_PER_CLEANING);
  }
}
