import { describe, expect, it } from '@jest/globals';
import { FaultPlan } from './fault-plan.js';
import { parseFaults } from './fault-spec.js';

describe('the specification of faults', () => {
  it('reads rates and arguments', () => {
    const spec = parseFaults('429=0.01, slow=.5:2000,shuffle=1');
    expect(spec.get('429')).toEqual({ rate: 0.01, argument: null });
    expect(spec.get('slow')).toEqual({ rate: 0.5, argument: '2000' });
    expect(spec.get('shuffle')).toEqual({ rate: 1, argument: null });
  });

  it('knows a mild mix by name, which later settings override', () => {
    expect(parseFaults('default').get('duplicate')?.rate).toBe(0.05);
    expect(parseFaults('default,duplicate=0').get('duplicate')?.rate).toBe(0);
    expect(parseFaults('none').size).toBe(0);
    expect(parseFaults('').size).toBe(0);
  });

  it.each(['nonsense=1', 'cut', 'cut=2', 'cut=-1', 'cut=x'])('refuses %s and says so', (text) => {
    expect(() => parseFaults(text)).toThrow(text);
  });
});

describe('the plan of faults', () => {
  const strikes = (seed: number): boolean[] => {
    const plan = new FaultPlan(seed, 'cut=0.1');
    return Array.from({ length: 500 }, (_, turn) => plan.strikes('cut', 'GET /me', turn));
  };

  it('strikes the same requests for the same seed and others for another', () => {
    expect(strikes(1)).toEqual(strikes(1));
    expect(strikes(1)).not.toEqual(strikes(2));
  });

  it('makes about a hundredth of the requests fail in the mild mix', () => {
    const plan = new FaultPlan(3, 'default');
    const names = ['429', '5xx', 'slow', 'cut', 'html200', 'html400'] as const;
    const turns = Array.from({ length: 20_000 }, (_, turn) => turn);
    const failed = turns.filter((turn) => names.some((name) => plan.strikes(name, 'GET /order/events', turn))).length;
    expect(failed / turns.length).toBeGreaterThan(0.007);
    expect(failed / turns.length).toBeLessThan(0.016);
  });

  it('never strikes what it was not told, and counts what it struck', () => {
    const plan = new FaultPlan(1, 'cut=1');
    expect(plan.strikes('slow', 1)).toBe(false);
    plan.strikes('cut', 1);
    plan.strikes('cut', 2);
    expect(plan.counts()).toEqual({ cut: 2 });
    plan.replace('none');
    expect(plan.strikes('cut', 1)).toBe(false);
  });
});
