import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCESS_TOKEN, allegroClients, MemoryBudget, problemOf, type AllegroClients } from '../support/allegro-client.js';
import { inTurn, json, startFakeAllegro, type FakeAllegro } from '../support/fake-allegro.js';

const EVENTS = json({ events: [] });

let allegro: FakeAllegro;
let store: MemoryBudget;
let clients: AllegroClients;

beforeEach(async () => {
  allegro = await startFakeAllegro();
  store = new MemoryBudget();
  clients = allegroClients(allegro.url, { store, limits: { breakerResetMs: 100, retries: 0 } });
});

afterEach(async () => {
  await clients.stop();
  await allegro.close();
});

const call = (account: number) => ({ accountKey: String(account), share: 'live' }) as const;
const events = (account = 0) => clients.orders.events(ACCESS_TOKEN, { limit: 1 }, call(account));
const form = (account = 0) => clients.orders.form(ACCESS_TOKEN, 'x', call(account));

/** Fails once for each of `count` accounts. */
async function failures(count: number, ask: (account: number) => Promise<unknown> = events): Promise<string[]> {
  const kinds: string[] = [];
  for (let account = 0; account < count; account += 1) kinds.push((await problemOf(ask(account))).code);
  return kinds;
}

/** Until a process that was held back has seen that the stop is over. */
async function waitFor(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const done = await ask().then(
      () => true,
      () => false,
    );
    if (done) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the breaker of a part of Allegro', () => {
  it('opens under an outage, keeps the requests below twice the calls, and lets the rest fail at once', async () => {
    await clients.stop();
    clients = allegroClients(allegro.url, { store });
    allegro.reply = json({}, 503);
    await failures(100);
    expect(allegro.requests.length).toBeLessThan(30);
    const sent = allegro.requests.length;
    expect(await problemOf(events(999))).toMatchObject({ kind: 'unavailable', code: 'ALLEGRO_CIRCUIT_OPEN', retryAfterSeconds: 30 });
    expect(allegro.requests).toHaveLength(sent);
  });

  it('of the journal leaves the orders alone', async () => {
    allegro.reply = json({}, 503);
    await failures(20);
    allegro.reply = json({ id: 'x' });
    expect((await form()).value.kind).toBe('found');
    expect([clients.breakers.state('events'), clients.breakers.state('orders')]).toEqual(['open', 'closed']);
  });

  it('lets exactly one probe through and closes when it is answered', async () => {
    allegro.reply = json({}, 503);
    await failures(20);
    while (clients.breakers.state('events') !== 'half-open') await new Promise((resolve) => setImmediate(resolve));
    const sent = allegro.requests.length;
    const late = await Promise.allSettled([events(1), events(2), events(3), events(4)]);
    expect(late.every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(allegro.requests.length - sent).toBe(1);
    while (clients.breakers.state('events') !== 'half-open') await new Promise((resolve) => setImmediate(resolve));
    allegro.reply = EVENTS;
    expect((await events(5)).value).toEqual([]);
    expect(clients.breakers.state('events')).toBe('closed');
  });

  it.each([
    ['accounts that are refused', json({ errors: [{ code: 'AccessDenied' }] }, 403), events],
    ['tokens that are refused', json({ error: 'invalid_token' }, 401), events],
    ['questions that are wrong', json({ errors: [{ code: 'VALIDATION_ERROR' }] }, 422), events],
    ['orders that are broken', json({ buyer: {} }), form],
    ['orders that are another one', json({ id: 'y' }), form],
  ])('stays closed for %s', async (_name, reply, ask) => {
    allegro.reply = reply;
    await failures(25, ask);
    expect(allegro.requests).toHaveLength(25);
  });

  it('opens for pages that are no pages', async () => {
    allegro.reply = json('[]');
    await failures(12);
    expect(clients.breakers.state('events')).toBe('open');
  });

  it('is not closed by a probe that its caller gave up', async () => {
    allegro.reply = json({}, 503);
    await failures(20);
    while (clients.breakers.state('events') !== 'half-open') await new Promise((resolve) => setImmediate(resolve));
    const abort = new AbortController();
    allegro.reply = () => abort.abort();
    await problemOf(clients.orders.events(ACCESS_TOKEN, { limit: 1 }, { ...call(1), signal: abort.signal }));
    expect(clients.breakers.state('events')).toBe('open');
  });

  it('shows in the status, in health and in the metrics', async () => {
    expect(clients.health.allegroStatus()).toBe('up');
    allegro.reply = json({}, 503);
    await failures(20);
    expect(clients.health.allegroStatus()).toBe('degraded');
    await failures(20, form);
    expect(clients.health.allegroStatus()).toBe('down');
    const metrics = await clients.metrics.registry.metrics();
    expect(metrics).toMatch(/allegro_circuit_state\{purpose="orders"\} [12]/);
    expect(metrics).toContain('allegro_requests_total{purpose="events",outcome="unavailable"} 10');
    expect((await clients.checks.report()).checks['allegro']).toMatchObject({ status: 'unhealthy', critical: false, error: 'ALLEGRO_UNAVAILABLE' });
  });
});

describe('the circuit of one account', () => {
  it('stops an account that is refused again and again, and no other', async () => {
    allegro.reply = json({ errors: [{ code: 'AccessDenied' }] }, 403);
    for (let turn = 0; turn < 5; turn += 1) expect((await problemOf(events(1))).kind).toBe('forbidden');
    expect(await problemOf(events(1))).toMatchObject({ kind: 'unavailable', code: 'ALLEGRO_ACCOUNT_PAUSED', blame: 'account' });
    expect((await problemOf(events(2))).kind).toBe('forbidden');
    expect(allegro.requests).toHaveLength(6);
  });
});

describe('a 429', () => {
  it('stops everything for a minute, then one probe decides for all', async () => {
    allegro.reply = json({}, 429);
    expect(await problemOf(events())).toMatchObject({ kind: 'throttled', retryAfterSeconds: 60, allegroStatus: 429 });
    expect((await problemOf(form(2))).kind).toBe('throttled');
    expect((await problemOf(clients.auth.requestDeviceCode())).kind).toBe('throttled');
    expect([allegro.requests.length, clients.health.allegroStatus()]).toEqual([1, 'down']);

    store.nowMs += 60_001;
    let answer = (): void => undefined;
    allegro.reply = (request, response) => {
      answer = () => EVENTS(request, response);
    };
    const [prober, other] = [allegroClients(allegro.url, { store }), allegroClients(allegro.url, { store })];
    const probe = prober.orders.events(ACCESS_TOKEN, { limit: 1 }, call(3));
    while (allegro.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const refused = await problemOf(other.orders.events(ACCESS_TOKEN, { limit: 1 }, call(4)));
    expect([refused.kind, allegro.requests.length]).toEqual(['throttled', 2]);
    answer();
    expect((await probe).value).toEqual([]);
    allegro.reply = EVENTS;
    await waitFor(() => events(5));
    expect([prober.health.allegroStatus(), clients.health.allegroStatus()]).toEqual(['up', 'up']);
    await Promise.all([prober.stop(), other.stop()]);
  });

  it('doubles with a probe that meets it again, and takes a longer Retry-After', async () => {
    allegro.reply = inTurn(json({}, 429), json({}, 429), json({}, 429, { 'retry-after': '900' }));
    const waits: (number | undefined)[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const own = allegroClients(allegro.url, { store });
      waits.push((await problemOf(own.orders.events(ACCESS_TOKEN, { limit: 1 }, call(1)))).retryAfterSeconds);
      store.nowMs += (waits[turn] ?? 0) * 1_000 + 1;
      await own.stop();
    }
    expect(waits).toEqual([60, 120, 900]);
  });

  it('is not retried', async () => {
    allegro.reply = json({}, 429, { 'retry-after': '1' });
    await problemOf(events());
    expect(allegro.requests).toHaveLength(1);
  });
});

describe('the requests of one account', () => {
  it('are at most four at once, and a second account does not wait behind them', async () => {
    const underWay = new Map<string, number>();
    let most = 0;
    allegro.reply = (request, response) => {
      const account = request.query.get('from') ?? '';
      underWay.set(account, (underWay.get(account) ?? 0) + 1);
      most = Math.max(most, underWay.get(account) ?? 0);
      setTimeout(() => {
        underWay.set(account, (underWay.get(account) ?? 0) - 1);
        EVENTS(request, response);
      }, 20);
    };
    const ask = (account: number) => clients.orders.events(ACCESS_TOKEN, { limit: 1, from: String(account) }, call(account));
    const order: number[] = [];
    const busy = Array.from({ length: 24 }, () => ask(1).then(() => order.push(1)));
    await Promise.all([...busy, ask(2).then(() => order.push(2))]);
    expect([most, allegro.requests.length]).toEqual([4, 25]);
    expect(order.indexOf(2)).toBeLessThan(12);
  });
});
