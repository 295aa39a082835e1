import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertStep, type LookedAt } from './alert-rule.js';

const hysteresis = { raiseAfter: 3, clearAfter: 2 };

/** Opened and closed alerts over a row of looks, `b` for bad. */
function story(looks: string): string[] {
  let live: LookedAt | null = null;
  return [...looks].map((look) => {
    const step = alertStep(live, look === 'b', hysteresis);
    live = step.kind === 'keep' || step.kind === 'open' ? step.next : null;
    return step.kind;
  });
}

describe('an alert', () => {
  it('opens at the third bad look in a row and closes at the second good one', () => {
    expect(story('bbbbgg')).toEqual(['keep', 'keep', 'open', 'keep', 'keep', 'close']);
  });

  it('is forgotten when a look is good before it opened', () => {
    expect(story('bbgbbg')).toEqual(['keep', 'keep', 'forget', 'keep', 'keep', 'forget']);
  });

  it('does not flap: a single good look between bad ones closes nothing', () => {
    expect(story('bbbgbgbgb').filter((kind) => kind === 'open' || kind === 'close')).toEqual(['open']);
  });

  it('is never opened twice without a close between, nor without enough bad looks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('b', 'g'), { maxLength: 60 }), (looks) => {
        const told = story(looks.join('')).filter((kind) => kind === 'open' || kind === 'close');
        told.forEach((kind, index) => expect(kind).toBe(index % 2 === 0 ? 'open' : 'close'));
        if (!looks.join('').includes('bbb')) expect(told).toEqual([]);
      }),
    );
  });
});
