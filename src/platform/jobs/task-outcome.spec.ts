import { describe, expect, it } from '@jest/globals';
import { Problem } from '../../core/problem.js';
import { PostponeTask } from './postpone-task.js';
import { type FailedRun, MAX_ATTEMPTS, outcomeOfFailure } from './task-outcome.js';

const now = new Date('2026-03-01T12:00:00Z');
const run = (over: Partial<FailedRun>): FailedRun => ({ error: new Error('boom'), stopped: null, attempts: 1, now, jitter: 0.5, ...over });
const later = (ms: number) => new Date(now.getTime() + ms);

describe('what becomes of a task whose handler threw', () => {
  it('fails for good when asking again cannot help', () => {
    const error = new Problem('ACCOUNT_MISMATCH', { status: 409, detail: 'another seller', retry: 'never' });
    expect(outcomeOfFailure(run({ error }))).toEqual({ kind: 'finished', status: 'FAILURE', error: 'ACCOUNT_MISMATCH: another seller' });
  });

  it('is tried again later, each time after a longer, jittered pause', () => {
    const pauses = [1, 2, 3, 7].map((attempts) => outcomeOfFailure(run({ attempts })));
    expect(pauses).toEqual(
      [3_750, 7_500, 15_000, 225_000].map((ms) => ({ kind: 'given-back', dueAt: later(ms), reason: 'unexpected error (Error)', counted: true })),
    );
    expect(outcomeOfFailure(run({ jitter: 0 }))).toMatchObject({ dueAt: later(2_500) });
    expect(outcomeOfFailure(run({ jitter: 1 }))).toMatchObject({ dueAt: later(5_000) });
  });

  it('fails after the last attempt, without the words of an unexpected error, which may quote values', () => {
    const error = new TypeError('cannot read buyer@example.com');
    expect(outcomeOfFailure(run({ error, attempts: MAX_ATTEMPTS }))).toEqual({ kind: 'finished', status: 'FAILURE', error: 'unexpected error (TypeError)' });
  });

  it('says so when what was thrown is no error at all', () => {
    expect(outcomeOfFailure(run({ error: 'boom', attempts: MAX_ATTEMPTS }))).toMatchObject({ error: 'unexpected error (string)' });
  });

  it('waits as long as the other side asked for', () => {
    const error = new Problem('ALLEGRO_THROTTLED', { status: 503, detail: 'too many', retry: 'later', retryAfterSeconds: 60 });
    expect(outcomeOfFailure(run({ error }))).toMatchObject({ kind: 'given-back', dueAt: later(60_000), counted: true });
  });

  it('runs a lost race again almost at once', () => {
    const error = new Problem('WRITE_CONFLICT', { status: 409, detail: 'lost', retry: 'now' });
    expect(outcomeOfFailure(run({ error, attempts: 4 }))).toMatchObject({ dueAt: later(250) });
  });

  it('is given back until the time its handler named, which is no failed attempt', () => {
    const error = new PostponeTask(later(90_000), 'Allegro is closed');
    expect(outcomeOfFailure(run({ error, attempts: MAX_ATTEMPTS }))).toEqual({
      kind: 'given-back',
      dueAt: later(90_000),
      reason: 'Allegro is closed',
      counted: false,
    });
  });

  it('is given back at once when the process ends or lost its lock', () => {
    for (const stopped of ['shutdown', 'lock-lost'] as const) {
      expect(outcomeOfFailure(run({ stopped, attempts: MAX_ATTEMPTS }))).toEqual({ kind: 'given-back', dueAt: now, reason: null, counted: false });
    }
  });

  it('is left alone when it belongs to another run or was revoked', () => {
    expect(outcomeOfFailure(run({ stopped: 'not-owner' }))).toEqual({ kind: 'lost' });
  });
});
