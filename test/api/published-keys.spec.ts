import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { bearer, inSeconds, signHs256 } from '../support/access-tokens.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

let rsa: Pair;
let elliptic: Pair;
let published: JWK[];
let issuer: Server;
let fetches = 0;
let answer: (response: ServerResponse) => void;
let probe: TestApp;

const sendKeys = (response: ServerResponse): void => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
};
const sign = (pair: Pair, header: { alg: string; kid?: string } & Record<string, unknown>, claims: Record<string, unknown> = {}) =>
  new SignJWT({ user_id: 'a', exp: inSeconds(600), ...claims }).setProtectedHeader(header).sign(pair.privateKey);
const ask = async (token: string) => (await probe.app.inject({ method: 'GET', url: '/api/v1/probe', headers: bearer(token) })).statusCode;

beforeAll(async () => {
  rsa = await generateKeyPair('RS256');
  elliptic = await generateKeyPair('ES256');
  published = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'r1', alg: 'RS256', use: 'sig' },
    { ...(await exportJWK(elliptic.publicKey)), kid: 'e1', alg: 'ES256', use: 'sig' },
  ];
  issuer = createServer((_request, response) => {
    fetches += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  issuer.closeAllConnections();
  issuer.close();
});

const start = async (): Promise<void> => {
  const { port } = issuer.address() as AddressInfo;
  probe = await startTestApp({ controllers: [ProbeController], env: { JWT_SECRET: undefined, JWKS_URL: `http://127.0.0.1:${String(port)}/jwks` } });
};

describe('tokens signed with published keys', () => {
  beforeAll(async () => {
    answer = sendKeys;
    await start();
  });
  afterAll(() => probe.close());

  it('pass with RS256 and with ES256, and one fetch serves all', async () => {
    expect(await ask(await sign(rsa, { alg: 'RS256', kid: 'r1' }))).toBe(200);
    expect(await ask(await sign(elliptic, { alg: 'ES256', kid: 'e1' }))).toBe(200);
    expect(fetches).toBe(1);
  });

  it('are refused in another spelling: the last letter of a signature carries unused bits', async () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const token = await sign(rsa, { alg: 'RS256', kid: 'r1' });
    expect(await ask(token.slice(0, -1) + (letters[letters.indexOf(token.slice(-1)) + 1] ?? ''))).toBe(401);
  });

  it('are refused without an expiry', async () => {
    expect(await ask(await sign(rsa, { alg: 'RS256', kid: 'r1' }, { exp: undefined }))).toBe(401);
  });

  it('are refused when the key id belongs to a key of another kind', async () => {
    expect(await ask(await sign(rsa, { alg: 'RS256', kid: 'e1' }))).toBe(401);
  });

  it('are refused when a public key was used as an HS256 secret', async () => {
    expect(await ask(signHs256({ user_id: 'a', exp: inSeconds(60) }, { kid: 'r1' }, JSON.stringify(published[0])))).toBe(401);
    expect(await ask(signHs256({ user_id: 'a', exp: inSeconds(60) }, { kid: 'r1', alg: 'RS256' }, JSON.stringify(published[0])))).toBe(401);
  });

  it.each(['../../dev/null', "' OR 1=1--", 'x'.repeat(4_000), 'r1\0'])(
    'are refused with the key id %j, asking the issuer at most once in a while',
    async (kid) => {
      expect(await ask(await sign(rsa, { alg: 'RS256', kid }))).toBe(401);
      expect(fetches).toBe(1);
    },
  );

  it('never make the service fetch a key from where the token says', async () => {
    const stranger = await generateKeyPair('RS256');
    const { port } = issuer.address() as AddressInfo;
    const before = fetches;
    const url = `http://127.0.0.1:${String(port)}/stranger`;
    const jwk = await exportJWK(stranger.publicKey);
    expect(await ask(await sign(stranger, { alg: 'RS256', kid: 'r1', jku: url, x5u: url, jwk, x5c: ['AAAA'] }))).toBe(401);
    expect(fetches).toBe(before);
  });
});

describe('while the issuer is in trouble', () => {
  beforeEach(() => {
    fetches = 0;
  });

  it.each<readonly [string, (response: ServerResponse) => void]>([
    ['status 500', (response) => response.writeHead(500).end('{}')],
    ['an HTML page', (response) => response.setHeader('content-type', 'text/html').end('<html>')],
    ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['an empty key set', (response) => response.end('{"keys":[]}')],
    [
      'an endless body',
      (response) => {
        const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
    ['silence', () => undefined],
  ])('nobody gets in, and nobody waits for 5 s: %s', async (_name, trouble) => {
    answer = trouble;
    await start();
    const startedAt = performance.now();
    const statuses = await Promise.all([ask(await sign(rsa, { alg: 'RS256', kid: 'r1' })), ask(await sign(rsa, { alg: 'RS256', kid: 'r1' }))]);
    await probe.close();
    expect(statuses).toEqual([401, 401]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(fetches).toBe(1);
  });
});
