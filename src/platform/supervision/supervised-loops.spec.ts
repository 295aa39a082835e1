import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HealthChecks } from '../observability/health-checks.js';
import { Metrics } from '../observability/metrics.js';
import { SupervisedLoops } from './supervised-loops.js';

let metrics: Metrics;
let health: HealthChecks;
let loops: SupervisedLoops;

beforeEach(() => {
  Logger.overrideLogger(false);
  metrics = new Metrics();
  health = new HealthChecks();
  loops = new SupervisedLoops(metrics, health);
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick', 'setImmediate'] });
});
afterEach(async () => {
  const stopped = loops.stopAll();
  await jest.advanceTimersByTimeAsync(2_000);
  await stopped;
  jest.useRealTimers();
  Logger.overrideLogger(true);
});

const status = async (): Promise<string> => {
  // Registering empties the second-long memory of the last report.
  health.register('probe', () => Promise.resolve(undefined), { critical: false });
  return (await health.report()).status;
};

describe('a supervised loop', () => {
  it('goes on after failures, counts them, and five in a row make the process unhealthy until a turn succeeds', async () => {
    let turns = 0;
    let works = false;
    loops.start('tick', 1_000, () => {
      turns += 1;
      return works ? Promise.resolve() : Promise.reject(new Error('no'));
    });
    await jest.advanceTimersByTimeAsync(7_000);
    expect(turns).toBe(4);
    expect(await status()).toBe('healthy');
    await jest.advanceTimersByTimeAsync(8_000);
    expect(turns).toBe(5);
    expect(await status()).toBe('unhealthy');
    expect(await metrics.registry.getSingleMetricAsString('loop_failures_total')).toContain('loop_failures_total{loop="tick"} 5');
    works = true;
    await jest.advanceTimersByTimeAsync(16_000);
    expect(await status()).toBe('healthy');
  });

  it('waits its interval after a turn, so that turns never overlap', async () => {
    let running = 0;
    let most = 0;
    loops.start('slow', 100, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      running -= 1;
    });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(most).toBe(1);
  });

  it('takes a changed interval for the wait that goes on already', async () => {
    let intervalMs = 3_600_000;
    let turns = 0;
    const turn = (): Promise<void> => {
      turns += 1;
      return Promise.resolve();
    };
    loops.start('changed', () => intervalMs, turn);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(turns).toBe(1);
    intervalMs = 2_000;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(turns).toBe(2);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(turns).toBe(4);
  });

  it('is stopped by its signal, and the current turn is awaited', async () => {
    let ended = false;
    loops.start(
      'long',
      100,
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () =>
            setTimeout(() => {
              ended = true;
              resolve();
            }, 50),
          );
        }),
    );
    const stopped = loops.stopAll();
    expect(ended).toBe(false);
    await jest.advanceTimersByTimeAsync(60);
    await stopped;
    expect(ended).toBe(true);
  });

  it('that throws before its first await is supervised like any other', async () => {
    let turns = 0;
    loops.start('throws', 100, () => {
      turns += 1;
      throw new Error('at once');
    });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(turns).toBeGreaterThan(2);
  });

  it('cannot be started twice under one name', () => {
    loops.start('once', 100, () => Promise.resolve());
    expect(() => {
      loops.start('once', 100, () => Promise.resolve());
    }).toThrow('started twice');
  });
});
