/** Whether asking again can help: never (the request is wrong), later (an outage or a limit), now (a lost race). */
export type Retry = 'never' | 'later' | 'now';

export interface ProblemOptions {
  readonly status: number;
  readonly detail: string;
  readonly retry?: Retry;
  /** Extra members of the problem document; never secrets or buyers' data. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * The one expected failure of the service: a literal code from the catalogue, an HTTP status and a sentence for a person.
 * Rendered by the HTTP layer as RFC 9457 `application/problem+json`.
 */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly retry: Retry;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, options: ProblemOptions) {
    super(options.detail, { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.status = options.status;
    this.retry = options.retry ?? 'never';
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
