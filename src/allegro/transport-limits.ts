import type { Share } from './call-context.js';

/** Bounds of the HTTP side; tests shorten the times, nothing else changes them. */
export interface TransportLimits {
  readonly connectMs: number;
  /** From sending to the headers of the answer. */
  readonly headersMs: number;
  /** Longest silence inside a body. */
  readonly idleMs: number;
  /** A whole request with its retries. */
  readonly totalMs: Readonly<Record<Share, number>>;
  /** For a free place and a share of the budget, before anything is sent. */
  readonly waitMs: Readonly<Record<Share, number>>;
  readonly bodyBytes: number;
  /** Connections to one host; also the number of requests under way in this process. */
  readonly connections: number;
  readonly retries: number;
  /** A `Retry-After` beyond this is the caller's to wait for, with a due date in PostgreSQL. */
  readonly retryAfterSeconds: number;
  readonly breakerResetMs: number;
}

export const TRANSPORT_LIMITS: TransportLimits = {
  // A handshake takes below 200 ms from anywhere in Europe.
  connectMs: 5_000,
  headersMs: 10_000,
  idleMs: 10_000,
  // A person's request is given up by its caller after 10 s; the rest leaves the slowest answers seen (20 s) a chance.
  totalMs: { interactive: 8_000, live: 30_000, backfill: 30_000 },
  // Three of a person's eight seconds; for the sync two windows of the budget, so that a full window is waited for and not failed.
  waitMs: { interactive: 3_000, live: 15_000, backfill: 30_000 },
  // The largest page, 1000 events, is about 2 MiB.
  bodyBytes: 16 * 1_048_576,
  connections: 64,
  retries: 2,
  retryAfterSeconds: 2,
  breakerResetMs: 30_000,
};
