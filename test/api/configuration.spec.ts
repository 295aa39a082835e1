import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type Configuration, ConfigurationMistakes, parseConfiguration } from '../../src/platform/config/configuration.js';
import { testEnvironment } from '../support/environment.js';

type Changes = Record<string, string | undefined>;

const parse = (changes: Changes = {}, files: Record<string, string> = {}): Configuration =>
  parseConfiguration(testEnvironment(changes), (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  });

function mistakesOf(changes: Changes, files: Record<string, string> = {}): readonly string[] {
  try {
    parse(changes, files);
  } catch (error) {
    if (error instanceof ConfigurationMistakes) return error.mistakes;
    throw error;
  }
  return [];
}

const production = { NODE_ENV: 'production' };

describe('the configuration', () => {
  it('is complete with the required variables alone', () => {
    expect(parse()).toMatchObject({
      demo: false,
      production: false,
      role: 'all',
      http: { host: '127.0.0.1', port: 0, corsOrigins: [], trustProxy: false },
      redis: null,
      access: { key: { kind: 'secret' }, issuer: null, audience: null },
      allegro: { environment: 'sandbox', requestsPerMinute: 7_200 },
      masterKeys: { currentId: 'k1' },
      sync: { concurrency: 8 },
    });
  });

  it('points at the real Allegro unless told otherwise', () => {
    const { allegro } = parse({ ALLEGRO_ENVIRONMENT: undefined, ALLEGRO_API_URL: undefined, ALLEGRO_AUTH_URL: undefined });
    expect(allegro).toMatchObject({ environment: 'production', apiUrl: 'https://api.allegro.pl', authUrl: 'https://allegro.pl' });
  });

  it('cannot be changed afterwards', () => {
    const configuration = parse();
    expect(Object.isFrozen(configuration) && Object.isFrozen(configuration.http) && Object.isFrozen(configuration.access.key)).toBe(true);
  });

  it('shows no secret, however it is printed', () => {
    const environment = testEnvironment();
    const configuration = parse({ REDIS_URL: 'redis://:canary-redis-password@localhost/0' });
    const printed = inspect(configuration, { depth: 10, showHidden: true }) + JSON.stringify(configuration) + String(configuration.hashPepper);
    for (const name of ['JWT_SECRET', 'HASH_PEPPER', 'DATABASE_URL', 'ALLEGRO_CLIENT_SECRET']) expect(printed).not.toContain(environment[name]);
    expect(printed).not.toContain('canary-redis-password');
    expect(printed).not.toContain((environment['MASTER_KEYS'] ?? '').slice(3));
  });

  it('takes every secret from a file too', () => {
    const files = { '/run/jwt': `${'j9'.padEnd(20, 'abcdefghijklm')}nopqrstuvwxyz\n` };
    const { access } = parse({ JWT_SECRET: undefined, JWT_SECRET_FILE: '/run/jwt' }, files);
    expect(access.key.kind === 'secret' && access.key.secret.reveal()).toBe(files['/run/jwt'].trim());
    for (const name of ['DATABASE_URL', 'MASTER_KEYS', 'HASH_PEPPER', 'ALLEGRO_CLIENT_SECRET', 'REDIS_URL', 'DATABASE_OWNER_URL']) {
      const value = testEnvironment()[name] ?? (name === 'REDIS_URL' ? 'redis://localhost' : 'postgresql://localhost/x');
      expect(mistakesOf({ [name]: undefined, [`${name}_FILE`]: '/run/secret' }, { '/run/secret': value })).toEqual([]);
    }
  });

  it('reads the older master keys behind the current one', () => {
    const older = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7 + 3)).toString('base64');
    const { masterKeys } = parse({ MASTER_KEYS: `${testEnvironment()['MASTER_KEYS'] ?? ''}, k0:${older}` });
    expect(masterKeys.currentId).toBe('k1');
    expect(masterKeys.keys.get('k0')?.reveal()).toBe(older);
  });

  it('reads levels of single modules', () => {
    expect(parse({ LOG_LEVELS: 'sync=debug, http=warn' }).logging.levels).toEqual({ sync: 'debug', http: 'warn' });
  });
});

describe('a mistake', () => {
  it('is never alone: all of them are named at once', () => {
    const names = ['DATABASE_URL', 'JWT_SECRET', 'MASTER_KEYS', 'HASH_PEPPER', 'ALLEGRO_CLIENT_ID', 'ALLEGRO_CLIENT_SECRET', 'ALLEGRO_USER_AGENT'];
    const mistakes = mistakesOf({ ...Object.fromEntries(names.map((name) => [name, undefined])), PORT: 'http', ROLE: 'boss', LOG_LEVEL: 'loud' });
    for (const name of [...names, 'PORT', 'ROLE', 'LOG_LEVEL']) expect(mistakes.filter((mistake) => mistake.includes(name))).toHaveLength(1);
  });

  it('is named without its value', () => {
    const canary = 'canary-value';
    const names = [
      'PORT',
      'ROLE',
      'DEMO_MODE',
      'DATABASE_URL',
      'REDIS_URL',
      'JWT_SECRET',
      'MASTER_KEYS',
      'HASH_PEPPER',
      'LOG_LEVEL',
      'LOG_LEVELS',
      'CORS_ORIGINS',
      'ALLEGRO_API_URL',
      'ALLEGRO_USER_AGENT',
    ];
    const mistakes = mistakesOf(Object.fromEntries(names.map((name) => [name, canary])));
    expect(mistakes.length).toBeGreaterThanOrEqual(names.length);
    expect(mistakes.join('\n')).not.toContain(canary);
  });

  const zeros = Buffer.alloc(32).toString('base64');
  const short = Buffer.alloc(16, 'abcdefghijklmnop').toString('base64');
  it.each<readonly [string, Changes]>([
    ['JWT_SECRET', { JWT_SECRET: 'only-31-bytes-are-not-enough-ok' }],
    ['JWT_SECRET', { JWT_SECRET: 'a'.repeat(64) }],
    ['JWT_SECRET', { JWKS_URL: 'https://issuer.example.com/jwks' }],
    ['JWKS_URL', { JWT_SECRET: undefined, JWKS_URL: 'ftp://issuer.example.com' }],
    ['JWT_SECRET', { JWT_SECRET_FILE: '/run/jwt' }],
    ['JWT_SECRET_FILE', { JWT_SECRET: undefined, JWT_SECRET_FILE: '/missing' }],
    ['MASTER_KEYS', { MASTER_KEYS: `k1:${zeros}` }],
    ['MASTER_KEYS', { MASTER_KEYS: `k1:${short}` }],
    ['MASTER_KEYS', { MASTER_KEYS: 'k1' }],
    ['MASTER_KEYS', { MASTER_KEYS: zeros }],
    ['MASTER_KEYS', { MASTER_KEYS: `${testEnvironment()['MASTER_KEYS'] ?? ''},${testEnvironment()['MASTER_KEYS'] ?? ''}` }],
    ['HASH_PEPPER', { HASH_PEPPER: zeros }],
    ['HASH_PEPPER', { HASH_PEPPER: 'text' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://localhost' }],
    ['REDIS_URL', { REDIS_URL: 'localhost:6379' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://shop.example.com/' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '0x10' }],
    ['SYNC_CONCURRENCY', { SYNC_CONCURRENCY: '0' }],
    ['ALLEGRO_USER_AGENT', { ALLEGRO_USER_AGENT: 'node' }],
    ['ALLEGRO_API_URL', { ALLEGRO_API_URL: 'https://user:pass@api.allegro.pl' }],
    ['ALLEGRO_REQUESTS_PER_MINUTE', { ALLEGRO_REQUESTS_PER_MINUTE: '9001' }],
  ])('refuses the start: %s %j', (name, changes) => {
    expect(mistakesOf(changes)).toEqual([expect.stringContaining(name)]);
  });
});

describe('production', () => {
  it('starts with real secrets', () => {
    expect(
      mistakesOf({
        ...production,
        DATABASE_URL: 'postgresql://orders:Zk3-not-a-word@db.internal/orders',
        ALLEGRO_API_URL: undefined,
        ALLEGRO_AUTH_URL: undefined,
      }),
    ).toEqual([]);
  });

  const counted = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');
  it.each<readonly [string, Changes]>([
    ['DEMO_MODE', { DEMO_MODE: 'true' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://postgres:postgres@db/orders' }],
    ['DATABASE_OWNER_URL', { DATABASE_OWNER_URL: 'postgresql://owner:changeme@db/orders' }],
    ['REDIS_URL', { REDIS_URL: 'redis://:redis@cache:6379' }],
    ['JWT_SECRET', { JWT_SECRET: 'change-me-please-this-is-an-example-secret' }],
    ['JWT_SECRET', { JWT_SECRET: 'your-256-bit-secret-for-hs256-tokens-here' }],
    ['ALLEGRO_CLIENT_SECRET', { ALLEGRO_CLIENT_SECRET: 'your-client-secret' }],
    ['MASTER_KEYS', { MASTER_KEYS: `k1:${counted}` }],
    ['MASTER_KEYS', { MASTER_KEYS: `k1:${Buffer.from('demo-key-for-local-runs-only-xyz').toString('base64')}` }],
    ['HASH_PEPPER', { HASH_PEPPER: counted }],
    ['ALLEGRO_API_URL', { ALLEGRO_API_URL: 'http://allegro.example.com' }],
    ['JWKS_URL', { JWT_SECRET: undefined, JWKS_URL: 'http://issuer.example.com/jwks' }],
  ])('refuses what everybody knows or can read: %s %j', (name, changes) => {
    const safe = { DATABASE_URL: 'postgresql://orders@db/orders' };
    expect(mistakesOf({ ...production, ...safe, ...changes })).toEqual([expect.stringContaining(name)]);
    expect(mistakesOf({ ...safe, ...changes })).toEqual([]);
  });
});
