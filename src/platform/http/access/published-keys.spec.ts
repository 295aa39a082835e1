import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JSONWebKeySet } from 'jose';
import { PublishedKeys } from './published-keys.js';
import type { TokenRejected } from './rejection.js';

const MINUTE_MS = 60_000;
const key = (kid: string): JSONWebKeySet['keys'][number] => ({
  kty: 'EC',
  crv: 'P-256',
  kid,
  alg: 'ES256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
});

let now: number;
let fetches: number;
let failures: number;
let answer: () => JSONWebKeySet;
let keys: PublishedKeys;

beforeEach(() => {
  now = 1_000_000;
  fetches = 0;
  failures = 0;
  answer = () => ({ keys: [key('k1')] });
  keys = new PublishedKeys({
    now: () => now,
    fetchKeys: async () => {
      fetches += 1;
      return Promise.resolve(answer());
    },
    onFailure: () => {
      failures += 1;
    },
  });
});

const ask = (kid: string): Promise<string> =>
  keys.keyFor({ alg: 'ES256', kid }).then(
    () => 'known',
    (error: unknown) => (error as TokenRejected).reason,
  );

describe('published keys', () => {
  it('are fetched once and kept', async () => {
    expect([await ask('k1'), await ask('k1')]).toEqual(['known', 'known']);
    expect(fetches).toBe(1);
  });

  it('are fetched again for an unknown key id, but not more than once in ten seconds', async () => {
    await ask('k1');
    for (let call = 0; call < 20; call += 1) expect(await ask('k2')).toBe('unknown_key');
    expect(fetches).toBe(1);
    now += 11_000;
    answer = () => ({ keys: [key('k1'), key('k2')] });
    expect(await ask('k2')).toBe('known');
    expect(fetches).toBe(2);
  });

  it('keep working while the issuer is away, until they are ten minutes old, then nobody gets in', async () => {
    await ask('k1');
    answer = () => {
      throw new Error('away');
    };
    now += 9 * MINUTE_MS;
    expect(await ask('k1')).toBe('known');
    now += 2 * MINUTE_MS;
    expect(await ask('k1')).toBe('keys_unavailable');
    expect(failures).toBeGreaterThan(0);
    now += MINUTE_MS;
    answer = () => ({ keys: [key('k1')] });
    expect(await ask('k1')).toBe('known');
  });

  it('that were withdrawn are refused within ten minutes', async () => {
    await ask('k1');
    answer = () => ({ keys: [key('k2')] });
    now += 10 * MINUTE_MS;
    expect(await ask('k1')).toBe('unknown_key');
  });

  it('are renewed behind the callers, who do not wait', async () => {
    await ask('k1');
    now += 6 * MINUTE_MS;
    expect(await ask('k1')).toBe('known');
    expect(fetches).toBe(2);
  });

  it('fail a token that names no key when several would do, and say so', async () => {
    answer = () => ({ keys: [key('k1'), key('k2')] });
    await expect(keys.keyFor({ alg: 'ES256' })).rejects.toMatchObject({ code: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS' });
  });
});
