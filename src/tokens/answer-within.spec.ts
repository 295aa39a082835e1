import { describe, expect, it } from '@jest/globals';
import { answerWithin } from './answer-within.js';

describe("an answer within a client's patience", () => {
  it('is the outcome of the work when it comes in time', async () => {
    await expect(answerWithin(1_000, Promise.resolve('done'))).resolves.toBe('done');
    await expect(answerWithin(1_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('is a 503 when it does not, and a later failure of the work disturbs nobody', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    await expect(answerWithin(1, promise)).rejects.toMatchObject({ code: 'ALLEGRO_SLOW', status: 503 });
    reject(new Error('too late'));
    await Promise.resolve();
  });
});
