import { describe, expect, it } from '@jest/globals';
import { Secret } from '../core/secret.js';
import { isOutage, isPoison, keptAnswer, nextTry, type OwedForm, owedBy } from './owed-form.js';

const failure = (kind: string) => ({ kind, code: 'C', message: 'm', allegroStatus: 500, traceId: 't', answer: null });
const owed = (orderId: string): OwedForm => ({ orderId, reason: 'unavailable', error: '', allegroStatus: 500, traceId: null });
const now = new Date('2026-01-01T00:00:00Z');

describe('owed forms', () => {
  it('puts aside what is wrong with one order and nothing else', () => {
    expect(owedBy('o', failure('malformed'))).toEqual({ orderId: 'o', reason: 'malformed', error: 'C: m', allegroStatus: 500, traceId: 't' });
    expect(owedBy('o', failure('rejected'))?.reason).toBe('malformed');
    expect(owedBy('o', failure('forbidden'))?.reason).toBe('forbidden');
    expect(owedBy('o', failure('unavailable'))?.reason).toBe('unavailable');
    for (const kind of ['throttled', 'unauthorized', 'cancelled']) expect(owedBy('o', failure(kind))).toBeNull();
  });

  it('blames no order for a circuit that is open: it was never asked for', () => {
    expect(owedBy('o', { ...failure('unavailable'), code: 'ALLEGRO_CIRCUIT_OPEN' })).toBeNull();
  });

  it('takes unreadable orders without one readable for an outage, and goes on as soon as one is readable', () => {
    expect(isOutage([owed('a'), owed('b')], 0)).toBe(false);
    expect(isOutage([owed('a'), owed('b'), owed('c')], 0)).toBe(true);
    expect(isOutage([owed('a'), owed('b'), owed('c')], 1)).toBe(false);
  });

  it('waits longer after each failure, within bounds and never at the same instant for all', () => {
    const pause = (attempts: number, jitter: number) => nextTry(attempts, now, jitter).getTime() - now.getTime();
    expect(pause(1, 0)).toBe(7_500);
    expect(pause(1, 1)).toBe(15_000);
    expect(pause(2, 1)).toBe(60_000);
    expect(pause(50, 1)).toBe(6 * 3_600_000);
  });

  it('asks for what is missing less often than for what fails', () => {
    const pause = (attempts: number) => nextTry(attempts, now, 1, 'missing').getTime() - now.getTime();
    expect([pause(1), pause(2), pause(50)]).toEqual([15_000, 120_000, 24 * 3_600_000]);
  });

  it('takes five failures in a row for poison, but never what is missing or waits', () => {
    expect([isPoison('unavailable', 4), isPoison('unavailable', 5), isPoison('malformed', 9)]).toEqual([false, true, true]);
    expect([isPoison('missing', 9), isPoison('dirty', 9)]).toEqual([false, false]);
  });

  it('keeps an answer as JSON where it is JSON, else as its text', () => {
    const kept = (text: string) => keptAnswer({ contentType: 'x', text: new Secret(text) }).answer?.content;
    expect([kept('{"errors":[]}'), kept('<html>')]).toEqual([{ errors: [] }, '<html>']);
    expect(keptAnswer(null)).toEqual({});
  });
});
