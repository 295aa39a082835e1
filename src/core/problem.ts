import type { Listed, ProblemCode, StatusOf } from './problem-catalogue.js';

/** Whether asking again can help: never (the request is wrong), later (an outage or a limit), now (a lost race). */
export type Retry = 'never' | 'later' | 'now';

export interface ProblemOptions<Status extends number = number> {
  readonly status: Status;
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
export class Problem<Code extends string = ProblemCode> extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly retry: Retry;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  /** @param code one of the catalogue, with its status */
  constructor(code: Listed<Code>, options: ProblemOptions<StatusOf<Code>>) {
    super(options.detail, { cause: options.cause });
    this.name = 'Problem';
    this.code = code as ProblemCode; // the compiler has seen to it
    this.status = options.status;
    this.retry = options.retry ?? 'never';
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
