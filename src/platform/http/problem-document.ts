import { PROBLEMS } from '../../core/problem-catalogue.js';
import type { Problem } from '../../core/problem.js';

/** RFC 9457, with `code`, `request_id` and the predecessor's string `detail`, which existing clients print. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance: string;
  readonly request_id: string;
  readonly [member: string]: unknown;
}

export interface Occurrence {
  /** The request's path without its query. */
  readonly path: string;
  readonly requestId: string;
}

/** The document of a problem; extra members never replace the standard ones. */
export function problemDocument(problem: Problem, occurrence: Occurrence): ProblemDocument {
  return {
    ...problem.extra,
    type: `/errors/${problem.code}`,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    instance: occurrence.path,
    request_id: occurrence.requestId,
  };
}
