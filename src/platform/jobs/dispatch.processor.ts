import { setTimeout as delay } from 'node:timers/promises';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { DelayedError, type Job } from 'bullmq';
import { RunStopped } from './job-run.js';
import { JobMetrics } from './job-metrics.js';
import { Jobs } from './jobs.service.js';
import { SupervisedLoops } from '../supervision/supervised-loops.js';
import { KeyTurn } from './key-turn.js';
import { QueueBackends } from './queue-backends.js';
import { DISPATCH_QUEUE, DISPATCH_STALLED_CHECK_MS, LATER_MS, LOCK_MS, MAX_STALLED_COUNT } from './queue-settings.js';

interface Signal {
  readonly queueKey: string;
}

/** How long running work is given to stop by itself: as long as the requests in flight beside it, so that 3 s of the launcher's 8 are left to close. */
const STOP_PATIENCE_MS = 5_000;

/** A dispatcher that ended is begun again after this: well within the 30 s in which owed work goes on. */
const WATCH_MS = 1_000;

/** The one worker of a process: each signal gives its key one turn. */
@Processor(DISPATCH_QUEUE, {
  autorun: false,
  lockDuration: LOCK_MS,
  stalledInterval: DISPATCH_STALLED_CHECK_MS,
  maxStalledCount: MAX_STALLED_COUNT,
})
export class DispatchProcessor extends WorkerHost {
  private readonly logger = new Logger('jobs');
  private readonly stopping = new AbortController();
  private readonly turns = new Set<Promise<void>>();
  private takesTurns = false;
  private failure: Error | null = null;

  constructor(
    private readonly turn: KeyTurn,
    private readonly jobs: Jobs,
    private readonly backends: QueueBackends,
    private readonly metrics: JobMetrics,
    private readonly loops: SupervisedLoops,
  ) {
    super();
  }

  /** Takes turns from now on, or once the datastore can be reached; begins again, loudly, should that end. @param concurrency turns at once in this process, looked at each second */
  start(concurrency: () => number): void {
    this.worker.on('error', (error) => this.logger.warn('the dispatcher reports an error', error));
    this.loops.start('dispatcher', WATCH_MS, () => {
      this.worker.concurrency = concurrency();
      return this.keepTakingTurns();
    });
  }

  /** @throws what ended the dispatcher since it was last looked at; it runs again by then */
  private keepTakingTurns(): Promise<void> {
    const failure = this.failure;
    this.failure = null;
    if (!this.takesTurns && !this.stopping.signal.aborted) this.takeTurns();
    return failure ? Promise.reject(failure) : Promise.resolve();
  }

  private takeTurns(): void {
    this.takesTurns = true;
    const ended = (cause: unknown): void => {
      this.takesTurns = false;
      if (!this.stopping.signal.aborted) this.failure = new Error('the dispatcher ended', { cause });
    };
    this.worker.run().then(ended, ended);
  }

  override async process(signal: Job<Signal>, lock?: string): Promise<void> {
    if (this.stopping.signal.aborted) return this.postpone(signal, lock, 0);
    const turn = this.takeTurn(signal, lock);
    const settled = turn.catch(() => undefined);
    this.turns.add(settled);
    this.metrics.turnsRunning(this.turns.size);
    void settled.then(() => {
      this.turns.delete(settled);
      this.metrics.turnsRunning(this.turns.size);
    });
    return turn;
  }

  /** Takes no more turns, tells the running ones to stop and waits for them, but not for ever. */
  async stop(): Promise<void> {
    this.stopping.abort(new RunStopped('shutdown'));
    await this.worker.pause(true);
    const ended = await this.turnsEnd();
    if (!ended) this.logger.warn('turns did not stop in time; their work is given back', { turns: this.turns.size });
    const reachable = await this.backends.ping().then(
      () => true,
      () => false,
    );
    // Closing politely waits for running turns and for an answer of the datastore: neither may keep the process.
    await this.worker.close(!ended || !reachable);
  }

  private async turnsEnd(): Promise<boolean> {
    const patience = new AbortController();
    const ended = Promise.all(this.turns).then(() => true);
    const timeout = delay(STOP_PATIENCE_MS, false, { signal: patience.signal });
    timeout.catch(() => undefined);
    return Promise.race([ended, timeout]).finally(() => patience.abort());
  }

  private async takeTurn(signal: Job<Signal>, lock: string | undefined): Promise<void> {
    const { queueKey } = signal.data;
    const outcome = await this.turn.take(queueKey, this.stopping.signal);
    this.metrics.turnEnded(outcome);
    if (outcome === 'more') await this.jobs.signal(queueKey);
    if (outcome === 'later') await this.postpone(signal, lock, LATER_MS);
  }

  private async postpone(signal: Job<Signal>, lock: string | undefined, delayMs: number): Promise<never> {
    await signal.moveToDelayed(Date.now() + delayMs, lock);
    throw new DelayedError();
  }
}
