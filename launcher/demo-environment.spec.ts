import { describe, expect, it } from '@jest/globals';
import { parseConfiguration } from '../src/platform/config/configuration.js';
import { demoEnvironment, usesOtherAllegro } from './demo-environment.js';
import { generateDemoSecrets } from './demo-secrets.js';

const SECRETS = generateDemoSecrets();
const ADDRESSES = { databaseUrl: 'postgresql://a:b@127.0.0.1:1/postgres', sandboxUrl: 'http://127.0.0.1:2' };

describe('the environment of the demo service', () => {
  it('is a whole configuration, marked as a demo, on a free port', () => {
    const configuration = parseConfiguration(demoEnvironment({}, SECRETS, ADDRESSES));
    expect(configuration).toMatchObject({
      demo: true,
      http: { port: 0, host: '127.0.0.1' },
      allegro: { apiUrl: ADDRESSES.sandboxUrl, authUrl: ADDRESSES.sandboxUrl },
    });
  });

  it("keeps a person's own settings, given directly or as files", () => {
    const env = demoEnvironment({ PORT: '8080', JWT_SECRET_FILE: '/secret', LOG_LEVEL: 'debug' }, SECRETS, ADDRESSES);
    expect(env).toMatchObject({ PORT: '8080', JWT_SECRET_FILE: '/secret', LOG_LEVEL: 'debug' });
    expect(env).not.toHaveProperty('JWT_SECRET');
  });

  it('accepts no issuer of tokens but the launcher and no database but its own', () => {
    const given = { JWKS_URL: 'https://login.example.com/keys', JWT_ISSUER: 'x', DATABASE_URL_FILE: '/other', DATABASE_OWNER_URL: 'postgresql://other' };
    const env = demoEnvironment(given, SECRETS, ADDRESSES);
    expect(Object.keys(given).filter((name) => name in env)).toEqual([]);
    expect(env).toMatchObject({ DATABASE_URL: ADDRESSES.databaseUrl, JWT_SECRET: SECRETS.jwtSecret });
  });

  it('points both purposes to another Allegro when one address is given', () => {
    const given = { ALLEGRO_API_URL: 'http://127.0.0.1:9' };
    expect(usesOtherAllegro(given)).toBe(true);
    const env = demoEnvironment(given, SECRETS, { ...ADDRESSES, sandboxUrl: null });
    expect(env).toMatchObject({ ALLEGRO_API_URL: 'http://127.0.0.1:9', ALLEGRO_AUTH_URL: 'http://127.0.0.1:9' });
    expect(usesOtherAllegro({})).toBe(false);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(usesOtherAllegro({ ALLEGRO_API_URL: '', ALLEGRO_AUTH_URL: 'http://127.0.0.1:9' })).toBe(true);
    expect(usesOtherAllegro({ ALLEGRO_API_URL: ' ', ALLEGRO_AUTH_URL: '' })).toBe(false);
    const given = { JWT_SECRET: '', JWT_SECRET_FILE: '/secret', ALLEGRO_API_URL: '', ALLEGRO_AUTH_URL: 'http://127.0.0.1:9', PORT: ' ' };
    const env = demoEnvironment(given, SECRETS, { ...ADDRESSES, sandboxUrl: null });
    expect(env).toMatchObject({ JWT_SECRET_FILE: '/secret', ALLEGRO_API_URL: 'http://127.0.0.1:9', PORT: '0' });
    expect(env).not.toHaveProperty('JWT_SECRET');
  });
});
