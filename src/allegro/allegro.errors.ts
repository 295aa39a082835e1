import { type ProblemCode, PROBLEMS } from '../core/problem-catalogue.js';
import { Problem, type Retry } from '../core/problem.js';
import type { Secret } from '../core/secret.js';

export type AllegroFailureKind = 'unavailable' | 'throttled' | 'unauthorized' | 'forbidden' | 'rejected' | 'malformed' | 'cancelled';

/** What is broken: Allegro itself, this account's access, this one order or question, or our own side. */
export type Blame = 'allegro' | 'account' | 'order' | 'caller';

/** Codes of what goes wrong between Allegro and us. */
export type AllegroCode = Extract<ProblemCode, `ALLEGRO_${string}`>;

/** What Allegro answered, whole: to be sealed beside a failed order, never logged or rendered on the way. */
export interface AnswerBody {
  readonly contentType: string;
  readonly text: Secret;
}

export interface AllegroFailure {
  readonly kind: AllegroFailureKind;
  readonly detail: string;
  readonly blame: Blame;
  /** Only where it says more than the kind, e.g. `ALLEGRO_BLOCKED`. */
  readonly code?: AllegroCode;
  readonly allegroStatus?: number | null;
  readonly traceId?: string | null;
  /** Allegro's own error codes, cleaned; never its messages, which may name people or echo tokens. */
  readonly codes?: readonly string[];
  readonly retryAfterSeconds?: number;
  /** First bytes of a page that was not JSON, escaped and redacted; for logs, never rendered. */
  readonly excerpt?: string;
  readonly answer?: AnswerBody;
}

interface KindTraits {
  readonly code: AllegroCode;
  readonly retry: Retry;
}

const TRAITS: Readonly<Record<AllegroFailureKind, KindTraits>> = {
  unavailable: { code: 'ALLEGRO_UNAVAILABLE', retry: 'later' },
  throttled: { code: 'ALLEGRO_THROTTLED', retry: 'later' },
  unauthorized: { code: 'ALLEGRO_UNAUTHORIZED', retry: 'later' },
  forbidden: { code: 'ALLEGRO_FORBIDDEN', retry: 'never' },
  rejected: { code: 'ALLEGRO_REJECTED', retry: 'never' },
  malformed: { code: 'ALLEGRO_MALFORMED', retry: 'later' },
  cancelled: { code: 'ALLEGRO_CANCELLED', retry: 'later' },
};

/**
 * Allegro did not give what was asked. Built from literal sentences and cleaned codes alone and carries no cause:
 * the HTTP library's error would bring the Authorization header along.
 */
export class AllegroProblem extends Problem {
  readonly kind: AllegroFailureKind;
  readonly allegroStatus: number | null;
  readonly traceId: string | null;
  readonly codes: readonly string[];
  readonly blame: Blame;
  readonly excerpt: string | null;
  readonly answer: AnswerBody | null;

  constructor(failure: AllegroFailure) {
    const traits = TRAITS[failure.kind];
    const allegroStatus = failure.allegroStatus ?? null;
    const traceId = failure.traceId ?? null;
    const code = failure.code ?? traits.code;
    super(code, {
      status: PROBLEMS[code].status,
      detail: failure.detail,
      retry: traits.retry,
      extra: { allegro_status: allegroStatus, allegro_trace_id: traceId },
      ...(failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds }),
    });
    this.name = 'AllegroProblem';
    this.kind = failure.kind;
    this.allegroStatus = allegroStatus;
    this.traceId = traceId;
    this.codes = failure.codes ?? [];
    this.blame = failure.blame;
    this.excerpt = failure.excerpt ?? null;
    this.answer = failure.answer ?? null;
  }
}
