import { STATUS_CODES } from 'node:http';
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

/** `TOKEN_NOT_FOUND` as `Token not found`: the same for every occurrence of the code, as the standard wants it. */
function titleOf(code: string, status: number): string {
  const words = code.toLowerCase().replaceAll('_', ' ').trim();
  return words === '' ? (STATUS_CODES[status] ?? 'Error') : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The document of a problem; extra members never replace the standard ones. */
export function problemDocument(problem: Problem, occurrence: Occurrence): ProblemDocument {
  return {
    ...problem.extra,
    type: `/errors/${problem.code}`,
    title: titleOf(problem.code, problem.status),
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    instance: occurrence.path,
    request_id: occurrence.requestId,
  };
}
