import { Problem } from '../core/problem.js';

/** How a run ended; `cause` is what stopped it, for whoever decides when to try again. */
export interface RunEnd {
  readonly status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
  readonly error: string | null;
  readonly cause: unknown;
}

/** For the account's owner: a Problem speaks for itself; the words of any other error may quote values and stay in the log. */
function describe(error: unknown): string {
  return error instanceof Problem ? `${error.code}: ${error.message}` : 'unexpected error; the log of the service has its cause';
}

/** The end of a run whose work threw; one that was told to stop is cancelled, whatever it threw on its way out. */
export function endOf(error: unknown, stopped: boolean): RunEnd {
  return stopped ? { status: 'CANCELLED', error: null, cause: error } : { status: 'FAILED', error: describe(error), cause: error };
}
