import { describe, expect, it } from '@jest/globals';
import { afterPoll } from './poll-decision.js';

const view = { intervalSeconds: 5, secondsLeft: 600 };

describe('after a poll that gave no tokens', () => {
  it('goes on at the same pace while consent is awaited', () => {
    expect(afterPoll(view, 'pending')).toEqual({ kind: 'wait', intervalSeconds: 5 });
  });

  it('goes on five seconds slower each time Allegro asks for it, up to two minutes', () => {
    expect(afterPoll(view, 'slow_down')).toEqual({ kind: 'wait', intervalSeconds: 10 });
    expect(afterPoll({ ...view, intervalSeconds: 10 }, 'slow_down')).toEqual({ kind: 'wait', intervalSeconds: 15 });
    expect(afterPoll({ ...view, intervalSeconds: 119 }, 'slow_down')).toEqual({ kind: 'wait', intervalSeconds: 120 });
  });

  it('ends when the seller refused, even after the time ran out', () => {
    expect(afterPoll({ ...view, secondsLeft: -1 }, 'denied')).toEqual({ kind: 'end', failure: 'CONSENT_DENIED' });
  });

  it('ends when the time ran out, whatever Allegro calls it', () => {
    for (const refusal of ['pending', 'slow_down', 'invalid'] as const) {
      expect(afterPoll({ ...view, secondsLeft: 0 }, refusal)).toEqual({ kind: 'end', failure: 'DEVICE_CODE_EXPIRED' });
    }
  });

  it('ends with its own reason when the code is no longer good although there was time', () => {
    expect(afterPoll(view, 'invalid')).toEqual({ kind: 'end', failure: 'DEVICE_CODE_INVALID' });
  });
});
