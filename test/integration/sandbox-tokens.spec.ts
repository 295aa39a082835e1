import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textAt } from '../../sandbox/json.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { SandboxClient } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 7, orders: 10, sellers: 2 });
  client = new SandboxClient(sandbox);
});

afterEach(async () => {
  await sandbox.close();
});

describe('the rotation of tokens', () => {
  it('spends a refresh token once, with 60 seconds of grace, and kills the old access token at once', async () => {
    const first = await client.link();
    const second = await client.refresh(first.refreshToken);
    expect(second).toMatchObject({ status: 200, json: { expires_in: 43_199 } });
    const refused = await client.get('/me', first.accessToken);
    expect(refused).toMatchObject({ status: 401, json: { error: 'invalid_token', error_description: 'Access token expired' } });
    expect((await client.refresh(first.refreshToken)).status).toBe(200);
    sandbox.advanceClock(61_000);
    const dead = await client.refresh(first.refreshToken);
    expect(dead.status).toBe(400);
    expect(dead.json).toEqual({ error: 'invalid_grant', error_description: `Invalid refresh token: ${first.refreshToken}` });
    expect(sandbox.stats().refreshes[0]).toMatchObject({ spends: 1, graceRepeats: 1, refusals: 1 });
  });

  it('can lose the answer after rotating, and the old token still serves within the grace', async () => {
    const first = await client.link();
    sandbox.setFaults('lost-refresh=1');
    await expect(client.refresh(first.refreshToken)).rejects.toThrow();
    sandbox.setFaults('');
    expect((await client.get('/me', first.accessToken)).status).toBe(401);
    const second = await client.refresh(first.refreshToken);
    expect((await client.get('/me', textAt(second.json, 'access_token'))).status).toBe(200);
  });

  it('answers outages of the token endpoint without touching the tokens', async () => {
    const first = await client.link();
    sandbox.setFaults('token5xx=1');
    expect((await client.refresh(first.refreshToken)).status).toBeGreaterThanOrEqual(500);
    sandbox.setFaults('tokenhtml=1');
    expect((await client.refresh(first.refreshToken)).headers.get('content-type')).toContain('html');
    sandbox.setFaults('');
    expect((await client.get('/me', first.accessToken)).status).toBe(200);
    expect(sandbox.stats().refreshes[0]).toMatchObject({ spends: 0 });
  });

  it('expires and revokes tokens when told', async () => {
    const first = await client.link();
    expect(sandbox.expireTokens()).toBe(1);
    expect((await client.get('/me', first.accessToken)).status).toBe(401);
    const second = (await client.refresh(first.refreshToken)).json;
    expect(sandbox.revokeTokens(undefined, 'unlinked')).toBe(1);
    expect(await client.refresh(textAt(second, 'refresh_token'))).toMatchObject({ status: 401, json: { error: 'Unauthorized' } });
  });
});
