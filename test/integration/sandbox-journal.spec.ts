import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, type JsonObject } from '../../sandbox/json.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { listOf, SandboxClient } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;
let token: string;

const DAY_MS = 86_400_000;
/** Longer than these tests take on a slow machine. */
const CALM_MS = 120_000;

/** Whether an event is about to leave the journal: it would be gone between two reads. */
function hasEventAboutToExpire(nowMs: number): boolean {
  const ages = sandbox.journal().map((event) => nowMs - Number(event['id']) / 1_000);
  return ages.some((ageMs) => ageMs > 60 * DAY_MS - CALM_MS && ageMs <= 60 * DAY_MS);
}

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7, orders: 1_000 });
  for (let shiftMs = 0; hasEventAboutToExpire(Date.now() + shiftMs); shiftMs += CALM_MS) sandbox.advanceClock(CALM_MS);
  client = new SandboxClient(sandbox);
  token = (await client.link()).accessToken;
});

afterAll(async () => {
  await sandbox.close();
});

const get = (path: string): ReturnType<SandboxClient['get']> => client.get(path, token);

async function allEvents(): Promise<JsonObject[]> {
  const events: JsonObject[] = [];
  for (;;) {
    const { json } = await get(`/order/events?limit=1000&from=${textAt(events.at(-1) ?? {}, 'id')}`);
    if (listOf(json, 'events').length === 0) return events;
    events.push(...listOf(json, 'events'));
  }
}

describe('the journal', () => {
  it('gives the oldest 100 first, then strictly newer ones, and nothing after the last', async () => {
    const events = await allEvents();
    expect(listOf((await get('/order/events')).json, 'events')).toEqual(events.slice(0, 100));
    const ids = events.map((event) => Number(event['id']));
    expect(ids).toEqual([...ids].sort((left, right) => left - right));
    expect(new Set(ids).size).toBe(ids.length);
    const last = textAt(events.at(-1) ?? {}, 'id');
    expect(last).toMatch(/^\d{16}$/);
    expect((await get('/order/event-stats')).json).toEqual({ latestEvent: { id: last, occurredAt: events.at(-1)?.['occurredAt'] } });
    expect((await get(`/order/events?from=${last}`)).json).toEqual({ events: [] });
  });

  it('keeps 60 days', async () => {
    const [oldest] = await allEvents();
    expect(Number(oldest?.['id']) / 1_000).toBeGreaterThan(Date.now() - 60 * DAY_MS);
    expect(sandbox.journal().length).toBeGreaterThan((await allEvents()).length);
  });

  it('takes any number as a cursor and begins anew with what is none', async () => {
    const events = await allEvents();
    const between = Number(events[50]?.['id']) + 1;
    expect(listOf((await get(`/order/events?limit=1&from=${String(between)}`)).json, 'events')[0]?.['id']).toBe(events[51]?.['id']);
    for (const query of ['from=nonsense', 'form=1', 'from=0']) {
      expect(listOf((await get(`/order/events?limit=1&${query}`)).json, 'events')[0]?.['id']).toBe(events[0]?.['id']);
    }
  });

  it('filters by types and refuses limits out of range', async () => {
    const { json } = await get('/order/events?limit=1000&type=BOUGHT&type=BUYER_MODIFIED');
    expect(new Set(listOf(json, 'events').map((event) => event['type']))).toEqual(new Set(['BOUGHT', 'BUYER_MODIFIED']));
    expect((await get('/order/events?limit=1001')).status).toBe(422);
    expect((await get('/order/events?limit=0')).status).toBe(422);
  });

  it('speaks of every readable order of the last 55 days, once without its form', async () => {
    const events = await allEvents();
    const mentioned = new Set(events.map((event) => ((event['order'] as JsonObject)['checkoutForm'] as JsonObject | undefined)?.['id']));
    expect(mentioned.has(undefined)).toBe(true);
    const recent = sandbox.orders().filter((form) => Date.parse(textAt(listOf(form, 'lineItems')[0] ?? {}, 'boughtAt')) > Date.now() - 55 * DAY_MS);
    const silent = recent.filter((form) => !mentioned.has(form['id'] ?? ''));
    expect(recent.length).toBeGreaterThan(500);
    const kinds = sandbox.kinds();
    expect(new Set(silent.map((form) => kinds[textAt(form, 'id')]))).toEqual(new Set(silent.length === 0 ? [] : ['event-without-form']));
  });
});
