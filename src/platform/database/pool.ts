import { Pool, type PoolConfig } from 'pg';
import type { Secret } from '../../core/secret.js';

export interface PoolOptions {
  readonly url: Secret;
  readonly max: number;
  readonly applicationName: string;
}

/** Longest wait for a free connection: below the callers' own time-out of 10 s, so they get an answer that says why. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** A transaction left open by a bug holds the log's feed back for everybody; the server ends it. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
/** No statement of the service is meant to take longer; migrations and dumps use other connections. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** A pool of connections as the service's role. Errors of idle connections are handed to `onError`, never thrown into the process. */
export function createPool(options: PoolOptions, onError: (error: Error) => void): Pool {
  const settings: PoolConfig = {
    connectionString: options.url.reveal(),
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  };
  const pool = new Pool(settings);
  pool.on('error', onError);
  pool.on('connect', (client) => {
    client.on('error', onError);
  });
  return pool;
}
