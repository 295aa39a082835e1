import { createHash } from 'node:crypto';

const key = (name: string): string => createHash('sha512').update(`only for tests: ${name}`).digest().subarray(0, 32).toString('base64');

/** A complete, valid environment of the service; tests change what they are about. */
export function testEnvironment(changes: Readonly<Record<string, string | undefined>> = {}): Record<string, string | undefined> {
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '0',
    OUTGOING_PER_MINUTE: '0',
    REFUSALS_PER_MINUTE: '0',
    // Each request would be one more than most tests count; those about parcels ask for them.
    SHIPMENTS_PER_RUN: '0',
    DATABASE_URL: 'postgresql://service:pass@127.0.0.1:1/orders',
    JWT_SECRET: key('jwt'),
    MASTER_KEYS: `k1:${key('master')}`,
    HASH_PEPPER: key('pepper'),
    ALLEGRO_ENVIRONMENT: 'sandbox',
    ALLEGRO_API_URL: 'http://127.0.0.1:1',
    ALLEGRO_AUTH_URL: 'http://127.0.0.1:1',
    ALLEGRO_CLIENT_ID: 'client',
    ALLEGRO_CLIENT_SECRET: key('client'),
    ALLEGRO_USER_AGENT: 'Order-Log/1.0.0 (+https://example.com/order-log)',
    ...changes,
  };
}
