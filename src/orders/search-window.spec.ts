import { describe, expect, it } from '@jest/globals';
import { windowKeys } from './search-window.js';

const DAY = 86_400;
const walk = (found: number, days: number) => ({ found, newestAt: 20_000 * DAY, edgeAt: (20_000 - days) * DAY });

describe('how far back a search looks', () => {
  it('is by days as far as the newest orders make the wanted matches likely, with a margin', () => {
    expect(windowKeys('7', walk(500, 2), 1_000)).toEqual(Array.from({ length: 6 }, (_, index) => `@7/d${String(19_995 + index)}`));
  });

  it('is by weeks where the days are many, and everything where the weeks are', () => {
    const weeks = windowKeys('7', walk(30, 4), 1_000) ?? [];
    expect([weeks.length, weeks.at(-1)]).toEqual([27, `@7/w${String(Math.floor(20_000 / 7))}`]);
    expect(windowKeys('7', walk(10, 40), 1_000)).toBeNull();
  });

  it('is everything where the newest orders hold too few to tell', () => {
    expect(windowKeys('7', walk(7, 1), 1_000)).toBeNull();
  });
});
