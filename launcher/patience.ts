import { setTimeout as delay } from 'node:timers/promises';
import { RefusedCall } from './refused-call.js';

const RETRY_MS = 500;
const TOO_MANY_REQUESTS = 429;

/**
 * Tries again while an outage is to blame, which the sandbox makes on purpose when it is asked for faults.
 * @param passing further statuses that pass by themselves
 * @throws the last failure when the time is over, any other failure at once
 */
export async function patiently<T>(timeoutMs: number, work: () => Promise<T>, passing: readonly number[] = []): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error, passing) || performance.now() > deadline) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** Ours or Allegro's refusal for now, a time-out, or a connection that was cut. */
function isPassing(error: unknown, passing: readonly number[]): boolean {
  if (error instanceof RefusedCall) return error.status === TOO_MANY_REQUESTS || error.status >= 500 || passing.includes(error.status);
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}
