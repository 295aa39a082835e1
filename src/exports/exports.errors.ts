import { Problem } from '../core/problem.js';

/** An export that does not exist or is another tenant's: nobody can tell the two apart. */
export const exportNotFound = (): Problem => new Problem('EXPORT_NOT_FOUND', { status: 404, detail: 'You have no such export.' });

export const exportNotReady = (): Problem =>
  new Problem('EXPORT_NOT_READY', {
    status: 409,
    retry: 'later',
    retryAfterSeconds: 5,
    detail: 'The file is still being written; `progress` says how far it is.',
  });

const WHY = {
  expired: 'The file has expired; make a new export.',
  erased: 'The file held a buyer who was erased, and was deleted; make a new export.',
  failed: 'The file could not be written; make a new export.',
} as const;

export const exportGone = (why: keyof typeof WHY): Problem => new Problem('EXPORT_GONE', { status: 410, detail: WHY[why] });

export const rangeNotSatisfiable = (): Problem =>
  new Problem('RANGE_NOT_SATISFIABLE', { status: 416, detail: 'The file ends before the range that was asked for begins.' });

export const tooManyExports = (detail: string, retryAfterSeconds: number): Problem =>
  new Problem('TOO_MANY_EXPORTS', { status: 429, detail, retry: 'later', retryAfterSeconds });
