import type { Configuration } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';

/** 200 requests a second for a minute on end: no frontend gets there, a loop that has run wild does. 0 sets no limit. */
export const REQUESTS_PER_MINUTE = { fallback: 12_000, min: 0, max: 100_000_000 };
/**
 * Calls that ask Allegro or send something: two a second is faster than people press buttons; a tenant's share of Allegro's 9,000 requests
 * a minute that it can spend by hand stays below two per cent. 0 sets no limit.
 */
export const OUTGOING_PER_MINUTE = { fallback: 120, min: 0, max: 100_000_000 };
/** A client with an expired token that retries each second stays below it four times over; guessing does not. 0 sets no limit. */
export const REFUSALS_PER_MINUTE = { fallback: 300, min: 0, max: 100_000_000 };
/** The largest body of the contract is a flag change of 1,000 orders, some 300 kB. */
const BODY_KIB = { fallback: 1_024, min: 64, max: 16_384 };
/** For a whole request to arrive; clients themselves give up after 10 s. */
const REQUEST_SECONDS = { fallback: 30, min: 1, max: 300 };

export function readHttpLimits(reader: EnvironmentReader): Configuration['http']['limits'] {
  return {
    requestsPerMinute: reader.integer('RATE_LIMIT_PER_MINUTE', REQUESTS_PER_MINUTE),
    outgoingPerMinute: reader.integer('OUTGOING_PER_MINUTE', OUTGOING_PER_MINUTE),
    refusalsPerMinute: reader.integer('REFUSALS_PER_MINUTE', REFUSALS_PER_MINUTE),
    bodyKib: reader.integer('BODY_LIMIT_KIB', BODY_KIB),
    requestSeconds: reader.integer('REQUEST_TIMEOUT_SECONDS', REQUEST_SECONDS),
  };
}
