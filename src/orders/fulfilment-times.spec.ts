import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../core/json.js';
import { coarseMinutes, fulfilmentTimes, type TimedEvent } from './fulfilment-times.js';
import { FORM_READ, JOURNAL_RECEIVED } from './order.events.js';

const BOUGHT = '2026-03-01T08:00:00.000Z';
const at = (hour: number) => new Date(Date.parse(BOUGHT) + hour * 3_600_000);

/** Forms are seen, and journal events occur, at these hours after the purchase; versions follow. */
function past(...happened: readonly (readonly [what: string, hour: number])[]): TimedEvent[] {
  return happened.map(([what, hour], index) => {
    const isForm = what === what.toUpperCase() && !what.includes('!');
    const payload: JsonObject = isForm ? { fulfillment: { status: what } } : { type: what.replace('!', '') };
    return { type: isForm ? FORM_READ : JOURNAL_RECEIVED, schemaVersion: 1, version: index + 1, occurredAt: at(hour), observedAt: at(hour), payload };
  });
}
const timesOf = (...happened: readonly (readonly [string, number])[]) => fulfilmentTimes(past(...happened), BOUGHT);

describe('the times of an order', () => {
  it('begin when Allegro first said that it is ready, else with its purchase', () => {
    expect(timesOf(['READY_FOR_PROCESSING!', 2], ['READY_FOR_PROCESSING!', 1], ['NEW', 3], ['SENT', 5])).toMatchObject({
      ready_at: at(1).toISOString(),
      sent_at: at(5).toISOString(),
      sent_minutes: 240,
    });
    expect(timesOf(['NEW', 3], ['SENT', 5])).toMatchObject({ ready_at: BOUGHT, sent_minutes: 300 - (300 % 8) });
  });

  it('end when Allegro said that it changed, last before that was seen', () => {
    const changed = (hour: number) => ['FULFILLMENT_STATUS_CHANGED!', hour] as const;
    expect(timesOf(changed(1), ['NEW', 2], changed(3), changed(4), ['SENT', 6], changed(7))).toMatchObject({ sent_at: at(4).toISOString() });
  });

  it('are not made up: what was sent when it was first read was sent at nobody knows what time', () => {
    expect(timesOf(['SENT', 5], ['PICKED_UP', 9])).toMatchObject({ sent_at: null, sent_minutes: null, picked_up_at: at(9).toISOString() });
  });

  it('are those of the last time it was sent, and stay when it comes back', () => {
    expect(timesOf(['NEW', 1], ['SENT', 2], ['PROCESSING', 3], ['SENT', 4], ['PICKED_UP', 6], ['RETURNED', 9])).toMatchObject({
      sent_at: at(4).toISOString(),
      picked_up_at: at(6).toISOString(),
    });
  });

  it('do not change with what comes after', () => {
    const before = [['NEW', 1], ['SENT', 2]] as const; // prettier-ignore
    expect(timesOf(...before, ['READY_FOR_PROCESSING!', 0], ['FULFILLMENT_STATUS_CHANGED!', 1], ['SENT', 9])).toEqual(timesOf(...before));
  });
});

describe('minutes of a histogram', () => {
  it('are exact within the first hour, then rounded down by less than a thirty-second part, and keep their order', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000), fc.nat(2_000_000), (one, other) => {
        const coarse = coarseMinutes(one * 60_000);
        expect(coarse <= one && (one < 64 ? coarse === one : one - coarse < one / 32)).toBe(true);
        if (one <= other) expect(coarse <= coarseMinutes(other * 60_000)).toBe(true);
      }),
    );
    expect(coarseMinutes(-1)).toBe(0);
  });
});
