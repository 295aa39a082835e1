import { describe, expect, it } from '@jest/globals';
import { isFinished, mayBecome, sourcesOf, TASK_STATUSES } from './task.js';

describe('the statuses of a task', () => {
  it('change only as listed', () => {
    const allowed = TASK_STATUSES.flatMap((from) => TASK_STATUSES.filter((to) => mayBecome(from, to)).map((to) => `${from} > ${to}`));
    expect(allowed).toEqual([
      'PENDING > STARTED',
      'PENDING > REVOKED',
      'STARTED > PENDING',
      'STARTED > STARTED',
      'STARTED > SUCCESS',
      'STARTED > FAILURE',
      'STARTED > REVOKED',
    ]);
  });

  it('never change again once finished', () => {
    expect(TASK_STATUSES.filter(isFinished)).toEqual(['SUCCESS', 'FAILURE', 'REVOKED']);
  });

  it('end only from a run: nothing waiting succeeds or fails by itself', () => {
    expect(sourcesOf('SUCCESS')).toEqual(['STARTED']);
    expect(sourcesOf('FAILURE')).toEqual(['STARTED']);
    expect(sourcesOf('REVOKED')).toEqual(['PENDING', 'STARTED']);
  });
});
