import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import type { SandboxOptions } from '../../sandbox/settings.js';
import { SandboxClient, type SandboxAnswer } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;
let token: string;

async function start(options: SandboxOptions): Promise<void> {
  sandbox = await startSandbox({ seed: 7, orders: 120, ...options });
  client = new SandboxClient(sandbox);
  token = (await client.link()).accessToken;
}

beforeEach(async () => {
  await start({ sellers: 2 });
});

afterEach(async () => {
  await sandbox.close();
});

const get = (path: string): Promise<SandboxAnswer> => client.get(path, token);

/** What became of a request, in a word: the status, `broken` for a connection cut, `half` for half a document. */
async function fate(path: string): Promise<string> {
  try {
    return String((await get(path)).status);
  } catch (error) {
    return error instanceof SyntaxError ? 'half' : 'broken';
  }
}

async function fates(count: number): Promise<string[]> {
  const all: string[] = [];
  for (let turn = 0; turn < count; turn += 1) all.push(await fate('/order/event-stats'));
  return all;
}

async function again(options: SandboxOptions): Promise<void> {
  await sandbox.close();
  await start(options);
}

describe('faults on the wire', () => {
  it('meet the same requests when the seed is the same, and others when it is not', async () => {
    const run = async (seed: number): Promise<string[]> => {
      await again({ seed, faults: '429=0.1,5xx=0.1,cut=0.1,html400=0.1' });
      return fates(60);
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(4);
  });

  it('throttle with and without Retry-After', async () => {
    sandbox.setFaults('429=1');
    const headers = new Set<string>();
    for (let turn = 0; turn < 40; turn += 1) {
      const answer = await get('/me');
      expect(answer.status).toBe(429);
      headers.add(answer.headers.get('retry-after') ?? 'none');
    }
    expect([...headers]).toEqual(expect.arrayContaining(['none', '1', expect.stringContaining('GMT')]));
    sandbox.setFaults('429=1:7');
    expect((await get('/me')).headers.get('retry-after')).toBe('7');
    expect(sandbox.stats().throttled).toBe(41);
  });

  it('answer pages, nothing, and JSON of another shape', async () => {
    sandbox.setFaults('html200=1');
    expect(await get('/me')).toMatchObject({ status: 200, text: expect.stringContaining('<html') });
    sandbox.setFaults('html400=1');
    expect((await get('/me')).headers.get('content-type')).toContain('html');
    sandbox.setFaults('empty=1');
    expect(await get('/me')).toMatchObject({ status: 200, text: '' });
    sandbox.setFaults('wrongjson=1');
    const bodies = new Set<string>();
    for (let turn = 0; turn < 40; turn += 1) bodies.add((await get('/order/events')).text);
    expect([...bodies]).toEqual(expect.arrayContaining(['{}', 'null', '[]']));
  });

  it('cut answers before the headers, in the middle, short of what was announced, and in the JSON', async () => {
    sandbox.setFaults('cut=1');
    const all = new Set<string>();
    for (let turn = 0; turn < 30; turn += 1) all.add(await fate('/order/checkout-forms'));
    expect(all).toEqual(new Set(['broken', 'half']));
  });

  it('hold answers back', async () => {
    sandbox.setFaults('slow=1:300');
    const startedAt = performance.now();
    expect((await get('/me')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  it('send more than anyone should read', async () => {
    sandbox.setFaults('huge=1:2');
    expect((await get('/me')).text.length).toBeGreaterThan(2 * 1024 * 1024);
    sandbox.setFaults('bomb=1:8');
    const answer = await fetch(`${sandbox.url}/me`, { headers: bearer() });
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(64 * 1024);
    expect((await answer.arrayBuffer()).byteLength).toBe(8 * 1024 * 1024);
  });

  it('spare device codes, pages and the control API', async () => {
    sandbox.setFaults('5xx=1,cut=1,429=1');
    expect((await client.oauth('device', { client_id: 'demo-client' })).status).toBe(200);
    expect((await client.control('GET', 'stats')).status).toBe(200);
  });
});

function bearer(): Record<string, string> {
  return { authorization: `Bearer ${token}`, accept: 'application/vnd.allegro.public.v1+json', 'user-agent': 'T/1 (+https://example.com)' };
}

describe('limits', () => {
  it('block an application for a minute once it exceeds its requests a minute', async () => {
    await again({ requestsPerMinute: 20 });
    expect(new Set(await fates(20))).toEqual(new Set(['200']));
    expect(new Set(await fates(5))).toEqual(new Set(['429']));
    sandbox.advanceClock(59_000);
    expect(await fate('/me')).toBe('429');
    sandbox.advanceClock(2_000);
    expect(await fate('/me')).toBe('200');
  });

  it('can mind how many requests of a seller run at once', async () => {
    await again({ parallelPerSeller: 2, latencyMs: 50 });
    const statuses = (await Promise.all(Array.from({ length: 6 }, () => get('/me')))).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    expect(sandbox.stats().concurrentMaximum).toBeGreaterThanOrEqual(2);
  });
});
