import { Problem } from '../../core/problem.js';

export interface FieldError {
  /** Path of the field: `items[0].quantity`. */
  readonly field: string;
  readonly message: string;
}

export function validationFailed(errors: readonly FieldError[]): Problem {
  const named = errors.slice(0, 5).map(({ field, message }) => `${field}: ${message}`);
  return new Problem('VALIDATION_FAILED', { status: 422, detail: `The request does not validate: ${named.join('; ')}`, extra: { errors } });
}

export function routeNotFound(): Problem {
  return new Problem('ROUTE_NOT_FOUND', { status: 404, detail: 'There is nothing at this address for this method.' });
}

export function badRequest(detail: string): Problem {
  return new Problem('BAD_REQUEST', { status: 400, detail });
}

export function bodyNotJson(): Problem {
  return new Problem('BODY_NOT_JSON', { status: 400, detail: 'The body is not one JSON document this service accepts.' });
}

export function bodyTooLarge(): Problem {
  return new Problem('BODY_TOO_LARGE', { status: 413, detail: 'The body is larger than this service accepts.' });
}

export function addressTooLong(): Problem {
  return new Problem('ADDRESS_TOO_LONG', { status: 414, detail: 'A part of the address is too long.' });
}

export function mediaTypeNotSupported(): Problem {
  return new Problem('MEDIA_TYPE_NOT_SUPPORTED', { status: 415, detail: 'Bodies are sent as application/json, in UTF-8.' });
}

export function textNotAccepted(): Problem {
  return new Problem('TEXT_NOT_ACCEPTED', { status: 400, detail: 'The request holds a NUL character or broken Unicode.' });
}

export function valueNotAccepted(cause: unknown): Problem {
  return new Problem('VALUE_NOT_ACCEPTED', { status: 400, detail: 'A value of the request is outside what can be stored or compared.', cause });
}

export function databaseUnavailable(cause: unknown): Problem {
  return new Problem('DATABASE_UNAVAILABLE', {
    status: 503,
    detail: 'The database does not answer at the moment.',
    retry: 'later',
    retryAfterSeconds: 5,
    cause,
  });
}

export function tookTooLong(cause: unknown): Problem {
  return new Problem('TOOK_TOO_LONG', { status: 503, detail: 'The answer took too long and was given up.', retry: 'later', retryAfterSeconds: 5, cause });
}

export function notServedHere(): Problem {
  return new Problem('NOT_SERVED_HERE', { status: 404, detail: 'This process runs in the background; the interface is served by others.' });
}

export function internalError(cause: unknown): Problem {
  return new Problem('INTERNAL_ERROR', {
    status: 500,
    detail: 'An unexpected failure; the log holds its cause under this request id.',
    retry: 'later',
    cause,
  });
}
