import type { AllegroCode, AllegroFailure } from './allegro.errors.js';
import type { BodyFaultKind } from './body-reader.js';

export interface TransportFailure {
  readonly failure: AllegroFailure;
  /** Whether asking again at once may help. Time-outs are not among them: the next one would only add to the load. */
  readonly retriable: boolean;
}

const RETRIABLE = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ERR_STREAM_PREMATURE_CLOSE']);
const TIMED_OUT = new Set(['ETIMEDOUT', 'ECONNABORTED', 'ECONNECTTIMEOUT']);
const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO)/;
/** Stands for an address that is not public, which the agents refuse without a code. */
export const ADDRESS_REFUSED = 'EADDRESSREFUSED';
const KNOWN_CODE = /^[A-Z][A-Z0-9_]{2,40}$/;

/** What a failed connection means, from the code of the error alone: its message may hold addresses and headers. */
export function transportFailure(errorCode: string | undefined): TransportFailure {
  const code = errorCode !== undefined && KNOWN_CODE.test(errorCode) ? errorCode : 'UNKNOWN';
  if (code === 'ERR_CANCELED') {
    return { failure: { kind: 'cancelled', blame: 'caller', detail: 'The request to Allegro was cancelled.' }, retriable: false };
  }
  if (TIMED_OUT.has(code)) return outage('Allegro did not answer in time.', false);
  if (TLS.test(code)) return outage(`The certificate or TLS of Allegro was refused (${code}).`, false, 'ALLEGRO_TLS_REFUSED');
  if (code === ADDRESS_REFUSED) return outage('The name of Allegro resolves to a private address.', false, 'ALLEGRO_ADDRESS_REFUSED');
  return outage(`The connection to Allegro failed (${code}).`, RETRIABLE.has(code));
}

/** What an unreadable body means. */
export function bodyFailure(fault: BodyFaultKind): TransportFailure {
  switch (fault) {
    case 'too-large': {
      const detail = 'The answer of Allegro is larger than 16 MiB.';
      return { failure: { kind: 'malformed', blame: 'order', code: 'ALLEGRO_ANSWER_TOO_LARGE', detail }, retriable: false };
    }
    case 'encoding':
      return { failure: { kind: 'malformed', blame: 'allegro', detail: 'The answer of Allegro is not encoded as it says.' }, retriable: false };
    case 'cut':
      return outage('The answer of Allegro was cut off.', true);
  }
}

function outage(detail: string, retriable: boolean, code?: AllegroCode): TransportFailure {
  return { failure: { kind: 'unavailable', blame: 'allegro', detail, ...(code === undefined ? {} : { code }) }, retriable };
}
