import { type Secret } from '../../core/secret.js';
import type { Configuration } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';
import { readHttpLimits } from './http-limits.js';

/** Ten connections a process serve the measured read load on two cores; more only queue inside PostgreSQL. */
const POOL_SIZE = { fallback: 10, min: 2, max: 200 };
/** Eight syncs at once use the Allegro budget well below its limit; more wait for the budget anyway. */
export const SYNC_CONCURRENCY = { fallback: 8, min: 1, max: 256 };
/** Three days outlast a weekend on which a sync failed; 0 switches scheduled sweeps off. */
/** Some seconds of a run; of an import's thousands, each run of a few minutes takes its part. */
const SHIPMENTS_PER_RUN = { fallback: 50, min: 0, max: 1_000 };
export const SWEEP_DAYS = { fallback: 3, min: 0, max: 360 };
const PORT = { fallback: 3000, min: 0, max: 65_535 };

function checkProtocol(reader: EnvironmentReader, name: string, url: Secret, protocols: readonly string[]): void {
  const value = url.reveal();
  if (value === '') return;
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return;
  reader.refuse(`${name} must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
}

/** An origin as a browser sends it: scheme, host, port; nothing else, and no wildcard. */
function isOrigin(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value;
}

function readOrigins(reader: EnvironmentReader): string[] {
  const origins = (reader.optional('CORS_ORIGINS') ?? '').split(',').map((origin) => origin.trim());
  const named = origins.filter((origin) => origin !== '');
  if (!named.every(isOrigin)) {
    reader.refuse('CORS_ORIGINS must be a comma-separated list of exact origins such as https://shop.example.com (no path, no wildcard)');
  }
  return named;
}

export function readHttp(reader: EnvironmentReader): Configuration['http'] {
  return {
    host: reader.text('HOST', '127.0.0.1'),
    port: reader.integer('PORT', PORT),
    corsOrigins: readOrigins(reader),
    trustProxy: reader.flag('TRUST_PROXY', false),
    limits: readHttpLimits(reader),
  };
}

export function checkDatabaseUrl(reader: EnvironmentReader, name: string, url: Secret): void {
  checkProtocol(reader, name, url, ['postgresql:', 'postgres:']);
}

export function readDatabase(reader: EnvironmentReader): Configuration['database'] {
  const url = reader.secret('DATABASE_URL');
  const ownerUrl = reader.optionalSecret('DATABASE_OWNER_URL');
  checkDatabaseUrl(reader, 'DATABASE_URL', url);
  if (ownerUrl !== null) checkDatabaseUrl(reader, 'DATABASE_OWNER_URL', ownerUrl);
  return { url, ownerUrl, poolSize: reader.integer('DATABASE_POOL_SIZE', POOL_SIZE) };
}

export function readRedis(reader: EnvironmentReader): Configuration['redis'] {
  const url = reader.optionalSecret('REDIS_URL');
  if (url === null) return null;
  checkProtocol(reader, 'REDIS_URL', url, ['redis:', 'rediss:']);
  return { url };
}

export function readSync(reader: EnvironmentReader): Configuration['sync'] {
  return {
    concurrency: reader.integer('SYNC_CONCURRENCY', SYNC_CONCURRENCY),
    sweepDays: reader.integer('SWEEP_DAYS', SWEEP_DAYS),
    shipmentsPerRun: reader.integer('SHIPMENTS_PER_RUN', SHIPMENTS_PER_RUN),
  };
}

export function readWebhooks(reader: EnvironmentReader): Configuration['webhooks'] {
  const allowLoopback = reader.flag('WEBHOOKS_ALLOW_LOOPBACK', false);
  if (allowLoopback && !reader.flag('DEMO_MODE', false))
    reader.refuse('WEBHOOKS_ALLOW_LOOPBACK is for demo mode: elsewhere it would open this machine to tenants');
  return { allowLoopback };
}
