import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textAt } from '../../sandbox/json.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { DEVICE_GRANT, SandboxClient } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 7, orders: 10, sellers: 2 });
  client = new SandboxClient(sandbox);
});

afterEach(async () => {
  await sandbox.close();
});

async function ask(): Promise<{ deviceCode: string; userCode: string; page: string }> {
  const { json } = await client.oauth('device', { client_id: 'demo-client' });
  return { deviceCode: textAt(json, 'device_code'), userCode: textAt(json, 'user_code'), page: textAt(json, 'verification_uri_complete') };
}

describe('the device flow of the sandbox', () => {
  it('answers a device request as Allegro does, with numbers', async () => {
    const { status, json } = await client.oauth('device', { client_id: 'demo-client' });
    expect(status).toBe(200);
    expect(json).toEqual({
      device_code: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      user_code: expect.stringMatching(/^[a-z0-9]{9}$/),
      expires_in: 3_600,
      interval: 1,
      verification_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*skojarz-aplikacje$/),
      verification_uri_complete: expect.stringContaining(`?code=${textAt(json, 'user_code')}`),
    });
  });

  it('goes from pending over slow_down to one pair of tokens, and is invalid after that', async () => {
    const { deviceCode, userCode } = await ask();
    expect(await client.poll(deviceCode)).toMatchObject({ status: 400, json: { error: 'authorization_pending' } });
    expect(await client.poll(deviceCode)).toMatchObject({ status: 400, json: { error: 'slow_down' } });
    sandbox.approve(userCode);
    sandbox.advanceClock(1_000);
    const granted = await client.poll(deviceCode);
    expect(granted).toMatchObject({ status: 200, json: { token_type: 'bearer', expires_in: 43_199, allegro_api: true } });
    sandbox.advanceClock(1_000);
    expect((await client.poll(deviceCode)).json).toEqual({ error: 'invalid_request', error_description: 'Invalid device code' });
  });

  it('says access_denied when the seller refuses, and invalid for wrong and expired codes', async () => {
    const { deviceCode, userCode } = await ask();
    sandbox.deny(userCode);
    expect(await client.poll(deviceCode)).toMatchObject({ status: 400, json: { error: 'access_denied' } });
    expect((await client.poll('wrong')).json).toMatchObject({ error: 'invalid_request' });
    const late = await ask();
    sandbox.advanceClock(3_600_000);
    expect((await client.poll(late.deviceCode)).json).toMatchObject({ error_description: 'Invalid device code' });
  });

  it('gives tokens shaped as JWTs with the claims of Allegro', async () => {
    const { accessToken, refreshToken } = await client.link('1');
    const claims = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const seller = sandbox.sellers()[1];
    expect(claims(accessToken)).toMatchObject({ user_name: seller?.id, client_id: 'demo-client', scope: expect.any(Array), exp: expect.any(Number) });
    expect(claims(refreshToken)).toMatchObject({ user_name: seller?.id, ati: (claims(accessToken) as { jti: string }).jti });
    expect((await client.get('/me', accessToken)).json).toMatchObject({ id: seller?.id, login: seller?.login });
  });

  it('narrows tokens to the scopes asked for', async () => {
    const { json } = await client.oauth('device', { client_id: 'demo-client', scope: 'allegro:api:profile:read something:else' });
    sandbox.approve(textAt(json, 'user_code'));
    const pair = (await client.poll(textAt(json, 'device_code'))).json;
    expect(pair['scope']).toBe('allegro:api:profile:read');
    expect((await client.get('/me', textAt(pair, 'access_token'))).status).toBe(200);
    const refused = await client.get('/order/events', textAt(pair, 'access_token'));
    expect(refused).toMatchObject({ status: 403, json: { errors: [{ code: 'AccessDenied' }] } });
  });

  it('knows its applications', async () => {
    expect(await client.oauth('device', { client_id: 'demo-client' }, 'wrong')).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
    expect(await client.oauth('token', { grant_type: 'nonsense' })).toMatchObject({ status: 400, json: { error: 'unsupported_grant_type' } });
    const tokens = (await client.oauth('token', { grant_type: 'client_credentials' })).json;
    expect(tokens).not.toHaveProperty('refresh_token');
    expect((await client.get('/order/events', textAt(tokens, 'access_token'))).status).toBe(403);
  });

  it('asks the seller on a page, where answering as one of them approves', async () => {
    const { deviceCode, userCode, page } = await ask();
    const shown = await (await fetch(page)).text();
    expect(shown).toContain('demo-client');
    expect(shown).toContain(`${userCode.slice(0, 3)} ${userCode.slice(3, 6)} ${userCode.slice(6)}`.toUpperCase());
    for (const seller of sandbox.sellers()) expect(shown).toContain(seller.id);
    const form = new URLSearchParams({ code: userCode, seller: sandbox.sellers()[1]?.id ?? '', answer: 'approve' });
    const forged = await fetch(page, { method: 'POST', body: form, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(forged.status).toBe(403);
    expect((await fetch(page, { method: 'POST', body: form })).status).toBe(200);
    const pair = (await client.poll(deviceCode)).json;
    expect((await client.get('/me', textAt(pair, 'access_token'))).json['id']).toBe(sandbox.sellers()[1]?.id);
    expect((await fetch(page)).status).toBe(404);
  });

  it('gives an approved code to one of many polls at once', async () => {
    const { deviceCode, userCode } = await ask();
    sandbox.approve(userCode);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.oauth('token', { grant_type: DEVICE_GRANT, device_code: deviceCode })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });
});
