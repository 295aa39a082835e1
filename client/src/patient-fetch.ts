import { retryAfterSeconds } from './service-problem.js';

export interface Patience {
  /** Tries of one call, the first included; 1: none is repeated. */
  readonly tries: number;
  /** The longest wait before another try; a service that asks for more is believed and the refusal handed on. */
  readonly longestWaitMs: number;
}

type Fetch = (request: Request) => Promise<Response>;

/** Over its limit or not there for a moment: the two answers after which the same call can go well. */
const PASSING = new Set([429, 503]);
/** Calls that change something and are made safe to repeat by a key. */
const KEYED = new Set(['POST', 'PATCH']);
/** Waits where the service names none: doubled each time. */
const FIRST_WAIT_MS = 500;

/** A fetch that gives changing calls an Idempotency-Key and repeats what was refused for the moment. */
export function patientFetch(send: Fetch, { tries, longestWaitMs }: Patience): Fetch {
  return async (asked) => {
    const request = withKey(asked);
    for (let made = 1; ; made += 1) {
      const response = await send(request.clone());
      const waitMs = waitOf(response, made);
      if (!PASSING.has(response.status) || made >= tries || waitMs > longestWaitMs) return response;
      await response.body?.cancel();
      await pause(waitMs, request.signal);
    }
  };
}

function withKey(request: Request): Request {
  if (KEYED.has(request.method) && !request.headers.has('idempotency-key')) request.headers.set('idempotency-key', crypto.randomUUID());
  return request;
}

/** Waits are spread by a tenth, so that clients refused together do not come back together. */
function waitOf(response: Response, made: number): number {
  const seconds = retryAfterSeconds(response);
  const waitMs = seconds === null ? FIRST_WAIT_MS * 2 ** (made - 1) : seconds * 1_000;
  return waitMs * (1 + Math.random() / 10);
}

/** @throws what the signal was aborted with */
export async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, waitMs, undefined);
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  await promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
}
