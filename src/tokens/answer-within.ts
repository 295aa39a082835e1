import { Problem } from '../core/problem.js';

/** Clients give up after 10 s; this leaves them time to read why. */
export const ANSWER_WITHIN_MS = 8_000;

/**
 * The outcome of `work`, or a 503 after `limitMs` while the work goes on to its end: a refresh that was begun must be stored.
 * @throws Problem ALLEGRO_SLOW (503), and whatever `work` throws in time
 */
export async function answerWithin<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(slow()), limitMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function slow(): Problem {
  return new Problem('ALLEGRO_SLOW', {
    status: 503,
    retry: 'later',
    retryAfterSeconds: 5,
    detail: 'Allegro has not answered in time; the request goes on in the background, ask again shortly.',
  });
}
