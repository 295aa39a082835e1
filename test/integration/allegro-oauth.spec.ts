import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { Secret } from '../../src/core/secret.js';
import { allegroClients, problemOf, type AllegroClients } from '../support/allegro-client.js';
import { html, json, startFakeAllegro, type FakeAllegro } from '../support/fake-allegro.js';

const REFRESH_TOKEN = new Secret('refresh-token-canary.eyJhbGciOiJSUzI1NiJ9.0815');
const DEVICE_CODE = new Secret('device-code-canary');
const TOKENS = {
  access_token: 'new-access',
  token_type: 'bearer',
  refresh_token: 'new-refresh',
  expires_in: 43_199,
  scope: 'allegro:api:orders:read',
  jti: 'x',
};

let allegro: FakeAllegro;
let clients: AllegroClients;

beforeEach(async () => {
  allegro = await startFakeAllegro();
  clients = allegroClients(allegro.url);
});

afterEach(async () => {
  await clients.stop();
  await allegro.close();
});

describe('linking by device code', () => {
  it('asks with Basic credentials and reads numbers however they are written', async () => {
    const device = { device_code: 'd', user_code: 'kvntgmijf', verification_uri: 'https://allegro.pl/skojarz-aplikacje', expires_in: '3600', interval: '5' };
    allegro.reply = json(device);
    const answer = await clients.auth.requestDeviceCode();
    expect([answer.deviceCode.reveal(), answer.userCode, answer.expiresInSeconds, answer.intervalSeconds]).toEqual(['d', 'kvntgmijf', 3600, 5]);
    const [request] = allegro.requests;
    expect([request?.method, request?.path, request?.body]).toEqual(['POST', '/auth/oauth/device', 'client_id=client']);
    expect(Buffer.from(String(request?.headers.authorization).slice(6), 'base64').toString()).toMatch(/^client:./);
    allegro.reply = json({ ...device, expires_in: 3600, interval: 5 });
    expect(JSON.stringify(await clients.auth.requestDeviceCode())).toBe(JSON.stringify(answer));
  });

  it.each([
    ['authorization_pending', 'pending'],
    ['slow_down', 'slow_down'],
    ['access_denied', 'denied'],
    ['Invalid device code', 'invalid'],
    ['invalid_request', 'invalid'],
  ])('a poll answered %s is %s', async (error, kind) => {
    allegro.reply = json({ error, error_description: 'words' }, 400);
    expect(await clients.auth.pollDeviceToken(DEVICE_CODE)).toEqual({ kind });
  });

  it('a poll is never repeated by the client itself, and its outages are not an end', async () => {
    for (const reply of [html(400), html(403), json({}, 500), json({ error: 'server_error' }, 400)]) {
      allegro.reply = reply;
      expect((await problemOf(clients.auth.pollDeviceToken(DEVICE_CODE))).kind).toMatch(/unavailable|rejected/);
    }
    expect(allegro.requests).toHaveLength(4);
  });

  it('gives the pair with the moment it arrived', async () => {
    allegro.reply = json(TOKENS);
    const poll = await clients.auth.pollDeviceToken(DEVICE_CODE);
    if (poll.kind !== 'tokens') throw new Error(poll.kind);
    expect([poll.pair.accessToken.reveal(), poll.pair.refreshToken.reveal(), poll.pair.expiresInSeconds]).toEqual(['new-access', 'new-refresh', 43_199]);
    expect(poll.pair.receivedAt).toBeInstanceOf(Date);
    expect(allegro.requests[0]?.body).toBe('grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=device-code-canary');
  });
});

describe('refreshing', () => {
  it('spends the token once', async () => {
    allegro.reply = json(TOKENS);
    expect((await clients.auth.refresh(REFRESH_TOKEN)).kind).toBe('tokens');
    expect(allegro.requests.map((request) => request.body)).toEqual([`grant_type=refresh_token&refresh_token=${REFRESH_TOKEN.reveal()}`]);
  });

  it('a refused token is a value, and the token that Allegro echoes shows nowhere', async () => {
    const body = { error: 'invalid_grant', error_description: `Invalid refresh token: ${REFRESH_TOKEN.reveal()}` };
    allegro.reply = json(body, 400);
    const answer = await clients.auth.refresh(REFRESH_TOKEN);
    expect(answer).toEqual({ kind: 'refused', error: 'invalid_grant' });
    allegro.reply = json({ ...body, error: 'invalid_request' }, 400);
    const problem = await problemOf(clients.auth.refresh(REFRESH_TOKEN));
    expect(inspect(problem, { depth: 20, showHidden: true }) + JSON.stringify(problem)).not.toContain('canary');
  });

  it.each([
    [401, { error: 'Unauthorized' }, 'unauthorized'],
    [400, { error: 'invalid_token', error_description: 'Invalid refresh token (expired)' }, 'invalid_token'],
  ])('%d %j means that consent is needed again', async (status, body, error) => {
    allegro.reply = json(body, status);
    expect(await clients.auth.refresh(REFRESH_TOKEN)).toEqual({ kind: 'refused', error });
  });

  it.each([
    ['500', json({ error: 'invalid_grant' }, 500), 'unavailable'],
    ['429', json({}, 429), 'throttled'],
    ['a captcha', html(403), 'unavailable'],
    ['HTML with 400', html(400), 'unavailable'],
    ['HTML with 200', html(200), 'malformed'],
    ['our own secret refused', json({ error: 'unauthorized', error_description: 'Bad client credentials' }, 401), 'forbidden'],
    ['invalid_client', json({ error: 'invalid_client' }, 401), 'forbidden'],
    ['half a pair', json({ ...TOKENS, refresh_token: undefined }), 'malformed'],
    ['an empty object', json({}), 'malformed'],
  ])('%s throws, is never retried here and never means that consent is needed', async (_name, reply, kind) => {
    allegro.reply = reply;
    expect((await problemOf(clients.auth.refresh(REFRESH_TOKEN))).kind).toBe(kind);
    expect(allegro.requests).toHaveLength(1);
  });

  it('a connection lost in the middle is not repeated here, for its owner knows whether 60 seconds have passed', async () => {
    allegro.reply = (_request, response) => void response.destroy();
    expect((await problemOf(clients.auth.refresh(REFRESH_TOKEN))).kind).toBe('unavailable');
    expect(allegro.requests).toHaveLength(1);
  });

  it('a 429 holds this caller back, not the reading of orders', async () => {
    allegro.reply = json({}, 429);
    expect((await problemOf(clients.auth.refresh(REFRESH_TOKEN))).retryAfterSeconds).toBe(60);
    allegro.reply = json({ events: [] });
    const events = await clients.orders.events(new Secret('a'), { limit: 1 }, { accountKey: '1', share: 'live' });
    expect(events.value).toEqual([]);
  });

  it('keeps a pair without a usable lifetime and assumes twelve hours', async () => {
    allegro.reply = json({ ...TOKENS, expires_in: -1 });
    const answer = await clients.auth.refresh(REFRESH_TOKEN);
    expect(answer.kind === 'tokens' && answer.pair.expiresInSeconds).toBe(43_199);
  });
});
