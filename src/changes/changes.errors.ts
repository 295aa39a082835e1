import { Problem } from '../core/problem.js';

/** The caller was away for longer than changes are kept: to go on as if nothing was missed would be a lie. */
export const cursorExpired = (): Problem =>
  new Problem('FEED_CURSOR_EXPIRED', {
    status: 410,
    detail: 'Changes behind this cursor are no longer kept. Read the orders anew, then go on from after=now asked before.',
  });

/** Each holds a connection and looks at the feed with every change. */
export const tooManyListeners = (most: number): Problem =>
  new Problem('TOO_MANY_LISTENERS', {
    status: 429,
    retry: 'later',
    retryAfterSeconds: 5,
    detail: `${String(most)} streams and waiting requests of yours are open already; close one, or share one.`,
  });
