import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { HealthChecks } from '../observability/health-checks.js';
import { withLogFields } from '../observability/log-context.js';
import { Metrics } from '../observability/metrics.js';
import { pauseAfter } from './backoff.js';

export type LoopTurn = (signal: AbortSignal) => Promise<void>;

interface Loop {
  readonly name: string;
  readonly intervalMs: () => number;
  readonly turn: LoopTurn;
  failures: number;
  done: Promise<void>;
}

/** Five failed turns in a row are no hiccup any more: the process says it is not ready. */
const FAILURES_TO_UNHEALTHY = 5;
/** An interval that was changed meanwhile is noticed within a second; waking up costs microseconds. */
const LONGEST_SLEEP_MS = 1_000;

/** Background loops that cannot die silently: a failed turn is logged with its cause, counted and repeated. */
@Injectable()
export class SupervisedLoops implements BeforeApplicationShutdown {
  private readonly logger = new Logger('loops');
  private readonly stop = new AbortController();
  private readonly loops = new Map<string, Loop>();
  private readonly failureCount: Counter;

  constructor(metrics: Metrics, health: HealthChecks) {
    this.failureCount = metrics.counter({ name: 'loop_failures_total', help: 'Failed turns of background loops', labels: ['loop'] });
    health.register('loops', () => this.check(), { critical: true });
  }

  /**
   * Runs `turn`, waits the interval, runs it again, until shutdown. The wait grows after failures.
   * @param interval in milliseconds; one that is a setting is given as a function and holds for the wait that goes on, too
   * @param turn gets a signal that is aborted at shutdown; the current turn is awaited
   */
  start(name: string, interval: number | (() => number), turn: LoopTurn): void {
    if (this.loops.has(name)) throw new Error(`the loop "${name}" was started twice`);
    if (this.stop.signal.aborted) return;
    const intervalMs = typeof interval === 'number' ? () => interval : interval;
    const loop: Loop = { name, intervalMs, turn, failures: 0, done: Promise.resolve() };
    this.loops.set(name, loop);
    loop.done = this.run(loop);
  }

  /** Aborts the signal of all loops and resolves when their current turns have ended. */
  async stopAll(): Promise<void> {
    this.stop.abort();
    await Promise.all([...this.loops.values()].map((loop) => loop.done));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopAll();
  }

  private async run(loop: Loop): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.takeTurn(loop);
      await this.rest(loop);
    }
  }

  private async rest(loop: Loop): Promise<void> {
    let restedMs = 0;
    let leftMs = pauseAfter(loop.intervalMs(), loop.failures);
    do {
      const sleepMs = Math.min(leftMs, LONGEST_SLEEP_MS);
      await waitUnlessAborted(sleepMs, this.stop.signal);
      restedMs += sleepMs;
      leftMs = pauseAfter(loop.intervalMs(), loop.failures) - restedMs;
    } while (leftMs > 0 && !this.stop.signal.aborted);
  }

  private async takeTurn(loop: Loop): Promise<void> {
    try {
      await withLogFields({ loop: loop.name }, () => loop.turn(this.stop.signal));
      loop.failures = 0;
    } catch (error) {
      // A turn that was cut short by the shutdown did not fail.
      if (this.stop.signal.aborted) return;
      loop.failures += 1;
      this.failureCount.inc({ loop: loop.name });
      this.logger.error('a turn of a background loop failed', { loop: loop.name, failures_in_a_row: loop.failures, err: error });
    }
  }

  private check(): Promise<undefined> {
    const failing = [...this.loops.values()].filter((loop) => loop.failures >= FAILURES_TO_UNHEALTHY).map((loop) => loop.name);
    if (failing.length === 0) return Promise.resolve(undefined);
    return Promise.reject(Object.assign(new Error('background loops fail'), { code: failing.join('.') }));
  }
}

/** Resolves after `delayMs`, or at once when the signal is aborted. */
function waitUnlessAborted(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const finish = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', finish);
    resolve(undefined);
  };
  const timer = setTimeout(finish, delayMs);
  signal.addEventListener('abort', finish);
  return promise;
}
