import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, inSeconds, signHs256, tokenOf } from '../support/access-tokens.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let probe: TestApp;

beforeAll(async () => {
  probe = await startTestApp({ controllers: [ProbeController] });
});
afterAll(() => probe.close());

const get = (headers: Record<string, string | string[]>, path = '/api/v1/probe') =>
  probe.app.inject({ method: 'GET', url: path, headers: headers as Record<string, string> });

const flipBit = (token: string, part: number): string => {
  const parts = token.split('.');
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
};

/** The last letter of a signature carries two unused bits; lenient decoders read four spellings of it as one. */
const respell = (token: string): string => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + (letters[letters.indexOf(token.slice(-1)) + 1] ?? '');
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (alg: unknown, signature = ''): string => `${encode({ alg, typ: 'JWT' })}.${encode({ user_id: 'a', exp: inSeconds(60) })}.${signature}`;

describe('a caller with a valid token', () => {
  it('acts as the tenant of the claim user_id', async () => {
    const answer = await get(bearer(tokenOf('tenant-a', { sub: 'anna' })));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ tenantId: 'tenant-a', actor: 'anna', roles: ['seller'], acrossTenants: false, seesPersonalData: true });
  });

  it('acts as the tenant of the claim sub where there is no user_id', async () => {
    const answer = await get(bearer(signHs256({ sub: '42', exp: inSeconds(60) })));
    expect(answer.json()).toMatchObject({ tenantId: '42' });
  });

  it('may write the scheme in small letters, as the standard allows', async () => {
    expect((await get({ authorization: `bearer ${tokenOf('a')}` })).statusCode).toBe(200);
  });

  it('reaches both forms of a collection without a redirect', async () => {
    const answers = await Promise.all([get(bearer(tokenOf('a')), '/api/v1/probe/'), get(bearer(tokenOf('a')), '/api/v1/probe')]);
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200]);
  });
});

describe('a caller without a token that proves something', () => {
  const valid = tokenOf('tenant-a');
  const cases: readonly (readonly [string, Record<string, string | string[]>])[] = [
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['the Basic scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['no token after the scheme', { authorization: 'Bearer ' }],
    ['two tokens', { authorization: `bearer ${valid} ${valid}` }],
    ['two tokens in a list', { authorization: `Bearer ${valid}, Bearer ${valid}` }],
    ['two headers', { authorization: [`Bearer ${valid}`, `Bearer ${valid}`] }],
    ['a blank too many', { authorization: `Bearer  ${valid}` }],
    ['a tab as separator', { authorization: `Bearer\t${valid}` }],
    ['a token in a cookie', { cookie: `token=${valid}; Authorization=Bearer ${valid}` }],
    ['alg none', bearer(unsigned('none'))],
    ['alg None', bearer(unsigned('None', 'AAAA'))],
    ['alg NONE', bearer(unsigned('NONE', 'AAAA'))],
    ['alg nOnE', bearer(unsigned('nOnE', 'AAAA'))],
    ['an alg that is no text', bearer(unsigned(['HS256'], 'AAAA'))],
    ['alg HS512', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { alg: 'HS512' }))],
    ['alg RS256', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { alg: 'RS256' }))],
    ['an empty signature', bearer(`${valid.split('.').slice(0, 2).join('.')}.`)],
    ['a changed header', bearer(flipBit(valid, 0))],
    ['a changed payload', bearer(flipBit(valid, 1))],
    ['a changed signature', bearer(flipBit(valid, 2))],
    ['a shortened signature', bearer(valid.slice(0, -3))],
    ['another spelling of the same signature', bearer(respell(valid))],
    ['a dot at the end', bearer(`${valid}.`)],
    ['padding', bearer(`${valid}=`)],
    ['standard base64', bearer(`${valid.split('.').slice(0, 2).join('.')}.ab+/${valid.slice(-20)}`)],
    ['the secret of somebody else', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, {}, 'secret'))],
    ['an empty secret', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, {}, ''))],
    ['an unknown critical member', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { crit: ['x'], x: 1 }))],
    ['an unencoded payload', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { b64: false, crit: ['b64'] }))],
    ['b64 without crit', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { b64: false }))],
    ['a compressed payload', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { zip: 'DEF' }))],
    ['an encrypted token', bearer(`${encode({ alg: 'dir', enc: 'A256GCM' })}.AAAA.AAAA.AAAA.AAAA`)],
    ['a key id that is no text', bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { kid: 7 }))],
    ['no expiry', bearer(signHs256({ user_id: 'a' }))],
    ['an expiry that is a text', bearer(signHs256({ user_id: 'a', exp: String(inSeconds(60)) }))],
    ['an expiry in the past', bearer(signHs256({ user_id: 'a', exp: inSeconds(-1) }))],
    ['a start in the future', bearer(signHs256({ user_id: 'a', exp: inSeconds(60), nbf: inSeconds(30) }))],
    ['a payload that is no object', bearer(signHs256(['a'] as never))],
    ['no tenant', bearer(signHs256({ exp: inSeconds(60) }))],
    ...[null, '', ['a', 'b'], { id: 'a' }, 7, true, ' a', 'a ', 'a\u0000', 'a\nb', 'x'.repeat(65), '\ud800'].map(
      (tenant) => [`the tenant ${JSON.stringify(tenant)}`, bearer(tokenOf('', { user_id: tenant, sub: 'fallback' }))] as const,
    ),
  ];

  it.each(cases)('is turned away with 401: %s', async (_name, headers) => {
    const before = ProbeController.handled;
    const answer = await get(headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm=/);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({ status: 401, detail: expect.any(String) });
    expect(ProbeController.handled).toBe(before);
  });

  it('may not bring its token in the query, and the query does not reach the log', async () => {
    const answer = await get({}, `/api/v1/probe?access_token=${valid}&token=${valid}`);
    expect(answer.statusCode).toBe(401);
    expect(probe.logLines.join('')).not.toContain(valid);
    expect(probe.logLines.join('')).not.toContain('access_token=');
  });

  it('is counted by the reason', async () => {
    await get({});
    await get(bearer(signHs256({ user_id: 'a', exp: inSeconds(-60) })));
    const metrics = (await get({}, '/metrics')).body;
    expect(metrics).toMatch(/http_access_rejections_total\{reason="missing"\} [1-9]/);
    expect(metrics).toMatch(/http_access_rejections_total\{reason="expired"\} [1-9]/);
    expect(metrics).toMatch(/http_access_rejections_total\{reason="signature"\} [1-9]/);
    expect(metrics).toMatch(/http_access_rejections_total\{reason="tenant"\} [1-9]/);
  });

  it('hears the same for every token that is wrong, except that an expired one is called so', async () => {
    const wrong = (await get(bearer(flipBit(valid, 2)))).json<{ detail: string }>();
    const foreign = (await get(bearer(signHs256({ user_id: 'a', exp: inSeconds(60) }, { crit: ['x'] })))).json<{ detail: string }>();
    const expired = (await get(bearer(signHs256({ user_id: 'a', exp: inSeconds(-60) })))).json<{ detail: string }>();
    expect(wrong.detail).toBe(foreign.detail);
    expect(expired.detail).toBe('The access token has expired.');
  });
});

describe('routes without a guard', () => {
  it.each(['/', '/livez', '/metrics', '/docs', '/api/v1/openapi.json', '/openapi.json', '/api/v1/probe/public'])('%s answers without a token', async (path) => {
    expect((await get({}, path)).statusCode).toBe(200);
  });

  it('are these alone: every other route of the application asks for a token', async () => {
    const open = new Set<string>();
    for (const line of probe.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false, includeHooks: false }).split('\n')) {
      const path = /(?:├── |└── )(\/?\S*)/.exec(line)?.[1];
      const url = `/${(path ?? '').replace(/^\//, '').replace(':id', 'x').replace(':file', 'swagger-ui.css').replace('*', '')}`;
      if ((await get({}, url)).statusCode === 200) open.add(url);
    }
    const names = [
      '/',
      '/livez',
      '/metrics',
      '/docs',
      '/docs/start.js',
      '/docs/swagger-ui.css',
      '/openapi.json',
      '/api/v1/openapi.json',
      '/api/v1/probe/public',
    ];
    expect(open.size).toBeGreaterThan(5);
    expect([...open].filter((path) => !names.includes(path.replace(/(.)\/$/, '$1')))).toEqual([]);
  });
});

describe('issuer and audience', () => {
  let strict: TestApp;
  beforeAll(async () => {
    strict = await startTestApp({ controllers: [ProbeController], env: { JWT_ISSUER: 'https://good.example.com', JWT_AUDIENCE: 'order-log' } });
  });
  afterAll(() => strict.close());

  const ask = (claims: Record<string, unknown>) => strict.app.inject({ method: 'GET', url: '/api/v1/probe', headers: bearer(tokenOf('a', claims)) });
  const good = { iss: 'https://good.example.com', aud: 'order-log' };

  it('that agree with the configuration pass, the audience also as a list', async () => {
    expect((await ask(good)).statusCode).toBe(200);
    expect((await ask({ ...good, aud: ['other', 'order-log'] })).statusCode).toBe(200);
  });

  it.each([
    { iss: undefined },
    { iss: 'https://good.example.com/' },
    { iss: 'HTTPS://GOOD.EXAMPLE.COM' },
    { iss: ['https://good.example.com'] },
    { iss: 'https://good.example.com.evil.example' },
    { aud: undefined },
    { aud: 'other' },
    { aud: ['other'] },
    { aud: 'order-log-2' },
    { aud: '' },
  ])('that differ are 401: %j', async (claims) => {
    expect((await ask({ ...good, ...claims })).statusCode).toBe(401);
  });
});
