import { describe, expect, it } from '@jest/globals';
import { linkStatus, type LinkState, linkTaskStatus } from './link-status.js';

const state: LinkState = { status: 'pending', secondsLeft: 100, failureDetail: null, taskStatus: 'PENDING' };
const statusOf = (change: Partial<LinkState>) => linkStatus({ ...state, ...change }).status;

describe('where a link stands', () => {
  it('is pending until consent is given and the account is linked', () => {
    expect(statusOf({})).toBe('pending');
    expect(statusOf({ status: 'granted', secondsLeft: -5, taskStatus: 'STARTED' })).toBe('pending');
    expect(statusOf({ status: 'completed', taskStatus: 'SUCCESS' })).toBe('completed');
  });

  it('is completed as soon as the account is linked, though the task has not noticed yet', () => {
    expect(statusOf({ status: 'completed', taskStatus: 'STARTED' })).toBe('completed');
  });

  it('is expired when the time ran out, noticed by the poller or not', () => {
    expect(statusOf({ secondsLeft: 0 })).toBe('expired');
    expect(statusOf({ status: 'expired', secondsLeft: -1, taskStatus: 'FAILURE' })).toBe('expired');
  });

  it('is failed with the reason that was stored', () => {
    expect(linkStatus({ ...state, status: 'failed', failureDetail: 'The seller refused.', taskStatus: 'FAILURE' })).toEqual({
      status: 'failed',
      message: 'The seller refused.',
    });
    expect(statusOf({ taskStatus: 'FAILURE' })).toBe('failed');
  });

  it('is failed when its task was revoked', () => {
    expect(statusOf({ taskStatus: 'REVOKED' })).toBe('failed');
    expect(statusOf({ status: 'granted', taskStatus: 'REVOKED' })).toBe('failed');
  });
});

describe('the task of a link', () => {
  const taskOf = (change: Partial<LinkState>) => linkTaskStatus({ ...state, ...change });

  it('has ended as soon as the link has, so that whoever was told "completed" finds the result', () => {
    expect(taskOf({ status: 'completed', taskStatus: 'STARTED' })).toBe('SUCCESS');
    expect(taskOf({ status: 'failed', taskStatus: 'STARTED' })).toBe('FAILURE');
    expect(taskOf({ status: 'expired', taskStatus: 'PENDING' })).toBe('FAILURE');
  });

  it('is as stored otherwise', () => {
    expect(taskOf({})).toBe('PENDING');
    expect(taskOf({ status: 'granted', taskStatus: 'STARTED' })).toBe('STARTED');
    expect(taskOf({ status: 'failed', taskStatus: 'REVOKED' })).toBe('REVOKED');
  });
});
