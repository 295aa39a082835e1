import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { claimDue, type ClaimedDelivery, releaseClaims, renewClaims } from './deliveries.store.js';
import { Settlement } from './settlement.service.js';
import { WebhookSender } from './webhook-sender.service.js';

/** A socket and a few kilobytes each; ten receivers that hang leave room for the others. */
const AT_ONCE = 64;
/** An event is on its way within a quarter of a second. */
const LOOK_INTERVAL_MS = 200;
/** What ends within this time is followed up by one claim. */
const GATHER_MS = 5;
/** Three renewals fit into a claim. */
const RENEW_INTERVAL_MS = 1_500;
/** What is under way at a shutdown may end by itself for so long. */
const LEAVE_MS = 2_000;

/** Sends what is owed to receivers, in the processes that work. Rows say what is owed; a process that dies leaves claims that end. */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly claim = randomUUID();
  private readonly underway = new Set<Promise<void>>();
  private readonly leaving = new AbortController();
  private failure: { readonly cause: unknown } | null = null;

  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly database: Database,
    private readonly loops: SupervisedLoops,
    private readonly sender: WebhookSender,
    private readonly settlement: Settlement,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role !== 'worker' && this.config.role !== 'all') return;
    this.loops.start('webhook-dispatch', LOOK_INTERVAL_MS, (signal) => this.turn(signal));
    this.loops.start('webhook-claims', RENEW_INTERVAL_MS, () => this.renew());
  }

  async beforeApplicationShutdown(): Promise<void> {
    // The loop first, whichever hook Nest calls first: it would claim again what is released here.
    await this.loops.stopAll();
    await Promise.race([Promise.all(this.underway), delay(LEAVE_MS, undefined, { ref: false })]);
    this.leaving.abort();
    await Promise.all(this.underway);
    await this.release();
  }

  /** Goes on while something is under way: what ends makes room at once. */
  private async turn(signal: AbortSignal): Promise<void> {
    do {
      await this.claimMore();
      if (this.underway.size === 0) break;
      await Promise.race([...this.underway, delay(LOOK_INTERVAL_MS, undefined, { ref: false })]);
      await delay(GATHER_MS);
    } while (!signal.aborted);
    this.throwFailure();
  }

  private async claimMore(): Promise<void> {
    this.throwFailure();
    const room = AT_ONCE - this.underway.size;
    if (room <= 0) return;
    const claimed = await this.database.transaction((tx) => claimDue(tx, this.claim, room));
    for (const delivery of claimed) this.begin(delivery);
  }

  private begin(delivery: ClaimedDelivery): void {
    const work = this.deliver(delivery)
      .catch((cause: unknown) => {
        this.failure = { cause }; // the next look throws it: the loop is supervised, this promise is not
      })
      .finally(() => this.underway.delete(work));
    this.underway.add(work);
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const startedAt = new Date();
    const from = performance.now();
    const answer = await this.sender.send(delivery, this.leaving.signal);
    if (answer.kind === 'cancelled') return;
    const durationMs = Math.round(performance.now() - from);
    await this.settlement.settle({ claim: this.claim, delivery, answer, startedAt, durationMs });
  }

  private throwFailure(): void {
    if (!this.failure) return;
    const { cause } = this.failure;
    this.failure = null;
    throw new Error('a delivery could not be sent or settled; its claim ends and it is sent again', { cause });
  }

  private async renew(): Promise<void> {
    if (this.underway.size > 0) await this.database.transaction((tx) => renewClaims(tx, this.claim));
  }

  private async release(): Promise<void> {
    if (this.config.role === 'worker' || this.config.role === 'all') await this.database.transaction((tx) => releaseClaims(tx, this.claim));
  }
}
