import { describe, expect, it } from '@jest/globals';
import { nearWords } from './near-words.js';

describe('what a word with a slip in it was meant for', () => {
  it.each([
    ['wojick', ['wojcik', 'wojcicki', 'nowak'], ['wojcik']],
    ['kowaslki', ['kowalski', 'kowalska', 'kowal'], ['kowalski']],
    ['jna', ['jan', 'ewa', 'janina'], ['jan']],
    ['anna', ['annna', 'ana', 'hanna'], ['annna', 'hanna', 'ana']],
    ['qqqq', ['kowalski'], []],
  ])('is, of %j, the nearest', (written, candidates, near) => {
    expect(nearWords(written, candidates).map(({ word }) => word)).toEqual(near);
  });

  it('is the more similar the fewer its slips', () => {
    expect(nearWords('kolejak', ['kolejka'])[0]?.similarity).toBeCloseTo(1 - 1 / 7);
    expect(nearWords('kolejka', ['kolejka'])[0]?.similarity).toBe(1);
  });
});
