import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { AccountBook } from '../../src/allegro/account-book.js';
import { connectionFailure } from '../../src/allegro/answer-interceptor.js';
import { boundedAgents } from '../../src/allegro/bounded-agents.js';
import { isRefusedAddress } from '../../src/platform/net/public-agents.js';
import type { Share } from '../../src/allegro/call-context.js';
import { RequestGate, type Place } from '../../src/allegro/request-gate.js';
import { SharePool } from '../../src/allegro/share-pool.js';

const NEVER = new AbortController().signal;

describe('the gate', () => {
  /** Who was admitted, in order. */
  let admitted: string[];
  let places: Place[];
  let gate: RequestGate;
  let book: AccountBook;

  beforeEach(() => {
    admitted = [];
    places = [];
    gate = new RequestGate(10);
    book = new AccountBook();
  });

  function enter(account: string, share: Share, signal = NEVER): void {
    void gate.enter(book.account(account), share, signal).then(
      (place) => {
        admitted.push(`${account}:${share}`);
        places.push(place);
      },
      () => admitted.push(`${account}:ended`),
    );
  }

  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const leaveAll = (timing: { startedAtMs: number; endedAtMs: number; throttled: boolean } | null = null): void =>
    places.splice(0).forEach((place) => place.leave(timing));

  it('admits in order of arrival across accounts, four of each', async () => {
    for (const account of ['a', 'a', 'a', 'a', 'a', 'a', 'b', 'c']) enter(account, 'live');
    await settled();
    expect(admitted.map((entry) => entry[0])).toEqual(['a', 'a', 'a', 'a', 'b', 'c']);
    leaveAll();
    await settled();
    expect(admitted).toHaveLength(8);
  });

  it('lets a person pass history of the same account and of others', async () => {
    for (const account of ['a', 'b', 'c']) for (let turn = 0; turn < 4; turn += 1) enter(account, 'backfill');
    await settled();
    expect(admitted).toHaveLength(6);
    enter('a', 'interactive');
    enter('d', 'interactive');
    await settled();
    expect(admitted.slice(6)).toEqual(['d:interactive']);
    places.shift()?.leave(null);
    await settled();
    expect(admitted.slice(7)).toEqual(['a:interactive']);
  });

  it('forgets a request whose wait was ended, wherever it stood', async () => {
    const abort = new AbortController();
    for (let turn = 0; turn < 12; turn += 1) enter(String(turn), 'interactive');
    enter('late', 'interactive', abort.signal);
    for (let turn = 0; turn < 5; turn += 1) enter('0', 'interactive', abort.signal);
    await settled();
    abort.abort();
    leaveAll();
    await settled();
    leaveAll();
    enter('late', 'interactive');
    for (let turn = 0; turn < 4; turn += 1) enter('0', 'interactive');
    await settled();
    expect(admitted.filter((entry) => entry.endsWith(':ended'))).toHaveLength(6);
    expect(places).toHaveLength(5);
    enter('x', 'live', AbortSignal.abort());
    await settled();
    expect(admitted.at(-1)).toBe('x:ended');
  });

  it('gives a slow account fewer places and others all of theirs', async () => {
    for (let turn = 0; turn < 4; turn += 1) enter('slow', 'live');
    await settled();
    const now = performance.now();
    leaveAll({ startedAtMs: now - 20_000, endedAtMs: now, throttled: false });
    for (let turn = 0; turn < 4; turn += 1) enter('slow', 'live');
    for (let turn = 0; turn < 4; turn += 1) enter('fast', 'live');
    await settled();
    expect(admitted.slice(4).sort()).toEqual(['fast:live', 'fast:live', 'fast:live', 'fast:live', 'slow:live', 'slow:live']);
  });
});

describe('the book of accounts', () => {
  it('is bounded and forgets the longest unused idle account', () => {
    const book = new AccountBook(2);
    const busy = book.account('busy');
    busy.running = 1;
    const idle = book.account('idle');
    book.account('new');
    expect(book.size).toBe(2);
    expect(book.account('busy')).toBe(busy);
    expect(book.account('idle')).not.toBe(idle);
  });
});

describe('the tokens of a share', () => {
  it('wait for the next window in order, and an ended wait takes none', async () => {
    const grants = [
      { granted: 1, windowEndsInMs: 5 },
      { granted: 0, windowEndsInMs: 5 },
      { granted: 2, windowEndsInMs: 5_000 },
    ];
    const pool = new SharePool(async () => grants.shift() ?? { granted: 32, windowEndsInMs: 5_000 });
    const order: number[] = [];
    const abort = new AbortController();
    const waits = [1, 2, 3].map((number) => pool.take(number === 2 ? abort.signal : NEVER).then(() => order.push(number)));
    abort.abort();
    await expect(waits[1]).rejects.toThrow('the wait was ended');
    await Promise.all([waits[0], waits[2]]);
    expect(order).toEqual([1, 3]);
  });

  it('fail together when the source fails, and recover', async () => {
    let away = true;
    const pool = new SharePool(async () => {
      if (away) throw new Error('away');
      return { granted: 1, windowEndsInMs: 5_000 };
    });
    const outcomes = await Promise.allSettled([pool.take(NEVER), pool.take(NEVER)]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    away = false;
    await pool.take(NEVER);
    await expect(pool.take(AbortSignal.abort())).rejects.toThrow('the wait was ended');
  });
});

describe('connecting', () => {
  let server: Server;

  afterEach(() => void server.close());

  it('is given up in time, TLS included', async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agents = boundedAgents({ connections: 1, connectMs: 50 }, ['127.0.0.1']);
    const stream = agents.https.createConnection({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => stream.on('error', resolve));
    expect(error.code).toBe('ECONNECTTIMEOUT');
  });

  it('refuses a name that resolves to this machine, and says so under a code of its own', async () => {
    server = createServer();
    const agents = boundedAgents({ connections: 1, connectMs: 5_000 });
    const error = await new Promise<Error>((resolve) => agents.https.createConnection({ host: 'localhost', port: 9 }).on('error', resolve));
    expect(isRefusedAddress(error)).toBe(true);
    expect(() => connectionFailure(error)).toThrow(expect.objectContaining({ problem: expect.objectContaining({ code: 'ALLEGRO_ADDRESS_REFUSED' }) }));
  });
});
