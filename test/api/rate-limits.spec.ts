import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, signHs256, tokenOf } from '../support/access-tokens.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { queueBackends, redisForTest } from '../support/test-redis.js';

const LIMITS = { RATE_LIMIT_PER_MINUTE: '3', REFUSALS_PER_MINUTE: '3' };
let probe: TestApp;

beforeAll(async () => {
  probe = await startTestApp({ controllers: [ProbeController], env: LIMITS });
});
afterAll(() => probe.close());

const ask = (tenant: string, app = probe.app, url = '/api/v1/probe') => app.inject({ url, headers: bearer(tokenOf(tenant)) });
const guess = (url = '/api/v1/probe', app = probe.app) =>
  app.inject({ url, headers: bearer(signHs256({ user_id: 'a' }, {}, 'another secret of thirty-two bytes')) });

describe('the requests of a tenant', () => {
  it('are counted in the headers of every answer, and refused when the minute is used up', async () => {
    const answers = [await ask('a'), await ask('a'), await ask('a'), await ask('a')];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual(['2', '1', '0', '0']);
    const [first, last] = [answers[0]!, answers[3]!];
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"tenant";q=3;w=60', 'x-ratelimit-limit': '3' });
    expect(first.headers['ratelimit']).toMatch(/^"tenant";r=2;t=\d{1,2}$/);
    const reset = Number(first.headers['x-ratelimit-reset']) - Date.now() / 1_000;
    expect(reset).toBeGreaterThan(30);
    expect(reset).toBeLessThan(62);
    expect(last.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED', 'violated-policies': ['tenant'], request_id: last.headers['x-request-id'] });
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(30);
  });

  it('take nothing from other tenants', async () => {
    for (let turn = 0; turn < 5; turn += 1) await ask('b');
    expect((await ask('c')).statusCode).toBe(200);
  });

  it('do not count where no token is asked for', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => probe.app.inject('/livez')));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(answers[0]?.headers['ratelimit']).toBeUndefined();
  });

  it.each(queueBackends)('are counted over all processes with Redis, else in each of them: %s', async (backend) => {
    const redis = backend === 'redis' ? await redisForTest() : null;
    const settings = { controllers: [ProbeController], env: { ...LIMITS, REDIS_URL: redis?.url } };
    const apps = [await startTestApp(settings), await startTestApp(settings)];
    const statuses: number[] = [];
    for (const turn of [0, 1, 0, 1, 0, 1, 1]) statuses.push((await ask('over-all', apps[turn]?.app)).statusCode);
    expect(statuses).toEqual(redis ? [200, 200, 200, 429, 429, 429, 429] : [200, 200, 200, 200, 200, 200, 429]);
    await Promise.all(apps.map((app) => app.close()));
    await redis?.release();
  });

  it('are not counted where the setting says 0', async () => {
    const unlimited = await startTestApp({ controllers: [ProbeController], env: { RATE_LIMIT_PER_MINUTE: '0' } });
    const { statusCode, headers } = await ask('a', unlimited.app);
    expect([statusCode, headers['ratelimit']]).toEqual([200, undefined]);
    await unlimited.close();
  });
});

describe('whoever guesses', () => {
  it('tokens or addresses is slowed down, and who has a token goes on', async () => {
    const statuses = [await guess(), await guess(), await guess('/api/v1/nowhere'), await guess(), await guess('/api/v1/nowhere')].map(
      (answer) => answer.statusCode,
    );
    expect(statuses).toEqual([401, 401, 404, 429, 429]);
    const refused = await guess();
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_REFUSALS', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(30);
    expect((await ask('d')).statusCode).toBe(200);
  });

  it('does not fill the log', async () => {
    const guessed = await startTestApp({ controllers: [ProbeController], env: LIMITS });
    await Promise.all(Array.from({ length: 200 }, () => guess('/api/v1/probe', guessed.app)));
    const lines = guessed.logLines.filter((line) => line.includes('"path":"/api/v1/probe"'));
    expect(lines.length).toBeGreaterThan(0);
    // Ten a second, however long a busy machine takes.
    expect(lines.length).toBeLessThan(100);
    await guessed.close();
  });
});
