import type { Problem } from './generated/types.gen.js';

/** A refusal of the service (RFC 9457): branch on `code`, show `detail`, log `requestId`. */
export class ServiceProblem extends Error {
  readonly status: number;
  /** One of docs/errors.md. */
  readonly code: string;
  readonly detail: string;
  /** What the service's log knows the call by. */
  readonly requestId: string | null;
  /** The fields that did not validate. */
  readonly errors: readonly { readonly field: string; readonly message: string }[];
  /** Seconds until another try makes sense; null where the service names none. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Partial<Problem>, response: Response, options?: ErrorOptions) {
    super(`${String(response.status)} ${problem.code ?? 'no problem document'}: ${problem.detail ?? response.statusText}`, options);
    this.name = 'ServiceProblem';
    this.status = response.status;
    this.code = problem.code ?? 'UNKNOWN';
    this.detail = problem.detail ?? response.statusText;
    this.requestId = problem.request_id ?? null;
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds(response);
  }
}

/** Seconds that the answer asks to wait; null where it names none. */
export function retryAfterSeconds({ headers }: Response): number | null {
  const text = headers.get('retry-after') ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** A failed answer as a ServiceProblem; what never reached the service stays what it was. */
export function problemOf(error: unknown, response: Response | undefined): unknown {
  if (response === undefined || error instanceof Error) return error;
  return new ServiceProblem(typeof error === 'object' && error !== null ? error : {}, response);
}
