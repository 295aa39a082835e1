import type { JsonObject } from '../json.js';
import { allegroJson, plainJson, type Reply } from './reply.js';

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly path?: string | null;
  readonly userMessage?: string | null;
}

function envelope(status: number, fault: Fault): Reply {
  const error: JsonObject = {
    code: fault.code,
    message: fault.message,
    details: null,
    path: fault.path ?? null,
    userMessage: fault.userMessage ?? null,
    metadata: {},
  };
  return allegroJson(status, { errors: [error] });
}

/** OAuth-style bodies: what a bad token gets from the API too. */
export function authError(status: number, error: string, description?: string): Reply {
  return plainJson(status, description === undefined ? { error } : { error, error_description: description });
}

export const noToken = (): Reply => authError(401, 'unauthorized', 'Full authentication is required to access this resource');

export const unreadableToken = (): Reply => authError(401, 'invalid_token', 'Cannot convert access token to JSON');

export const expiredToken = (): Reply => authError(401, 'invalid_token', 'Access token expired');

export function accessDenied(): Reply {
  return envelope(403, { code: 'AccessDenied', message: 'Access is denied', userMessage: 'No access to the specified resource.' });
}

export function notAcceptable(language: string): Reply {
  const polish = 'Żądanie zawiera błędne dane. Skontaktuj się z autorem aplikacji.';
  return envelope(406, {
    code: 'NotAcceptableException',
    message: "Not acceptable representation requested. Please check 'Accept' request header",
    userMessage: language.startsWith('pl') ? polish : 'Request contains invalid data. Contact the application author.',
  });
}

export function formNotFound(id: string): Reply {
  const message = `Checkout form ${id} not found`;
  const path = `/order/checkout-forms/${id}`;
  return envelope(404, { code: 'CheckoutFormNotFoundException', message, path, userMessage: message });
}

export function invalid(path: string, message: string): Reply {
  return envelope(422, { code: 'VALIDATION_ERROR', message, path });
}

export function noSuchResource(path: string): Reply {
  return envelope(404, { code: 'NotFoundException', message: 'Resource not found', path });
}

export function wrongMethod(path: string): Reply {
  return envelope(405, { code: 'MethodNotAllowedException', message: 'Request method is not supported', path });
}

/** No real body of a 429 is known: an envelope is one guess, and nothing may rely on it. */
export function tooManyRequests(): Reply {
  return envelope(429, { code: 'TooManyRequestsException', message: 'Too many requests' });
}

export function serverError(status: number): Reply {
  return envelope(status, { code: 'ServerErrorException', message: 'Unexpected error', userMessage: 'Try again later.' });
}
