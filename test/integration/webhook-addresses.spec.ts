import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { isRefusedAddress, publicAgents } from '../../src/platform/net/public-agents.js';
import { WebhookReceiver } from '../../src/webhooks/webhook-receiver.client.js';
import { testEnvironment } from '../support/environment.js';
import { answering, TestReceiver } from '../support/webhook-receiver.js';

const NEVER = new AbortController().signal;
const answers = (...addresses: string[]): LookupFunction => {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_name, options, done) => {
    if (options.all === true) done(null, found);
    else done(null, found[0]?.address ?? '', found[0]?.family);
  };
};

/** A sender whose names are looked up by the test. `allowLoopback` is the setting of a demonstration. */
class LookingUp extends WebhookReceiver {
  constructor(
    allowLoopback: boolean,
    protected override readonly lookup: LookupFunction,
  ) {
    super(parseConfiguration(testEnvironment({ DEMO_MODE: 'true', WEBHOOKS_ALLOW_LOOPBACK: String(allowLoopback) })));
  }

  get limitMs(): number {
    return this.totalMs;
  }
}

describe('a sender', () => {
  let receiver: TestReceiver;

  beforeAll(async () => {
    receiver = await TestReceiver.start();
  });
  afterAll(() => receiver.stop());

  const post = (sender: WebhookReceiver, url: string) => sender.post({ url, headers: { 'content-type': 'application/json' }, body: '{}' }, NEVER);
  const strict = (lookup: LookupFunction = answers('127.0.0.1')) => new LookingUp(false, lookup);

  it.each([
    ['127.0.0.1'],
    ['127.1'],
    ['2130706433'],
    ['0x7f.1'],
    ['0177.0.0.1'],
    ['0.0.0.0'],
    ['127.0.0.1.'],
    ['①②⑦.⓪.⓪.①'],
    ['user:pass@127.0.0.1'],
    ['127.255.255.254'],
    ['[::1]'],
    ['[::]'],
    ['[::ffff:127.0.0.1]'],
    ['[::ffff:7f00:1]'],
    ['[::127.0.0.1]'],
    ['[::ffff:0:127.0.0.1]'],
    ['[64:ff9b::7f00:1]'],
    ['[64:ff9b:1::7f00:1]'],
    ['[2002:7f00:1::]'],
    ['[2001:0:7f00:1::]'],
    ['[fe80::1]'],
    ['[fd00:ec2::254]'],
    ['10.0.0.1'],
    ['172.16.0.1'],
    ['192.168.0.1'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['168.63.129.16'],
    ['198.18.0.1'],
    ['255.255.255.255'],
    ['localhost'],
    ['localhost.'],
  ])('never connects to %s', async (host) => {
    const before = receiver.connections;
    expect(await post(strict(), `https://${host}:${String(receiver.port)}/`)).toEqual({ kind: 'failed', failure: 'address_refused' });
    expect(receiver.connections).toBe(before);
  });

  it.each([['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['0.0.0.0'], ['10.1.2.3'], ['169.254.169.254'], ['fd00::1'], ['::7f00:1'], ['168.63.129.16']])(
    'never connects to a name that resolves to %s, alone or beside a public address',
    async (address) => {
      const before = receiver.connections;
      for (const found of [[address], ['203.0.114.7', address], [address, '203.0.114.7']]) {
        const answer = await post(strict(answers(...found)), `https://hooks.example.com:${String(receiver.port)}/`);
        expect([found, answer]).toEqual([found, { kind: 'failed', failure: 'address_refused' }]);
      }
      expect(receiver.connections).toBe(before);
    },
  );

  it.each([['127.0.0.1'], ['0x7f.1'], ['[::1]'], ['[::ffff:127.0.0.1]'], ['[64:ff9b::7f00:1]'], ['169.254.169.254'], ['0.0.0.0'], ['[fd00::1]']])(
    'is refused a connection to %s by the agent itself, whatever was checked before',
    async (host) => {
      const url = `https://${host}:${String(receiver.port)}/`;
      const error = await new Promise((resolve) => request(url, { agent: publicAgents(false).https }).on('error', resolve));
      expect(isRefusedAddress(error)).toBe(true);
    },
  );

  it('judges the address at every connection: a name that moved inside is refused although it was public before', async () => {
    let turn = 0;
    const sender = new LookingUp(true, (name, options, done) => {
      answers((turn += 1) === 1 ? '127.0.0.1' : '10.0.0.1')(name, options, done);
    });
    const url = `https://hooks.example.com:${String(receiver.port)}/`;
    const before = receiver.connections;
    // The receiver speaks no TLS, but it was connected to.
    expect(await post(sender, url)).toEqual({ kind: 'failed', failure: 'connection_failed' });
    expect(await post(sender, url)).toEqual({ kind: 'failed', failure: 'address_refused' });
    expect(receiver.connections).toBe(before + 1);
  });

  it('says so when a name is not found, and lives on', async () => {
    const unknown: LookupFunction = (_name, _options, done) => done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), undefined as never);
    expect(await post(strict(unknown), 'https://hooks.example.com/')).toEqual({ kind: 'failed', failure: 'name_not_found' });
  });

  it('follows no redirect, wherever it leads', async () => {
    const inner = await TestReceiver.start();
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        receiver.answer = answering(status, { location: inner.url });
        expect(await post(new LookingUp(true, answers('127.0.0.1')), receiver.url)).toMatchObject({ kind: 'answered', status });
      }
      expect(inner.connections).toBe(0);
    } finally {
      await inner.stop();
      receiver.answer = answering(204);
    }
  });

  it('reaches loopback in a demonstration alone, and nothing else of the inner network then; http never without it', async () => {
    const demo = new LookingUp(true, answers('10.0.0.1'));
    expect(await post(demo, receiver.url)).toMatchObject({ kind: 'answered', status: 204 });
    expect(await post(demo, 'https://hooks.example.com/')).toEqual({ kind: 'failed', failure: 'address_refused' });
    const before = receiver.connections;
    expect(await post(strict(), receiver.url)).toEqual({ kind: 'failed', failure: 'address_refused' });
    expect(receiver.connections).toBe(before);
    expect(() => parseConfiguration(testEnvironment({ WEBHOOKS_ALLOW_LOOPBACK: 'true' }))).toThrow('WEBHOOKS_ALLOW_LOOPBACK is for demo mode');
  });

  it('keeps the beginning of an endless answer and lets go of it', async () => {
    const left = Promise.withResolvers<boolean>();
    receiver.answer = (_, response) => {
      response.writeHead(500);
      for (let part = 0; part < 200; part += 1) response.write('x'.repeat(65_536));
      response.on('close', () => left.resolve(response.writableFinished));
      return 500;
    };
    const answer = await post(new LookingUp(true, answers('127.0.0.1')), receiver.url);
    expect(answer).toMatchObject({ kind: 'answered', status: 500, excerpt: Buffer.from('x'.repeat(2_048)) });
    expect(await left.promise).toBe(false);
    receiver.answer = answering(204);
  });

  it('waits fifteen seconds in all, also for one who answers drop by drop', async () => {
    class Hurried extends LookingUp {
      protected override readonly totalMs = 200;
    }
    const sender = new Hurried(true, answers('127.0.0.1'));
    expect(strict().limitMs).toBe(15_000);
    receiver.answer = () => new Promise<number>(() => undefined);
    expect(await post(sender, receiver.url)).toEqual({ kind: 'failed', failure: 'timeout' });
    const left = Promise.withResolvers<undefined>();
    receiver.answer = (_, response) => {
      response.writeHead(200);
      const drops = setInterval(() => response.write('.'), 20);
      response.on('close', () => {
        clearInterval(drops);
        left.resolve(undefined);
      });
      return 200;
    };
    // Its status is known; the rest is not waited for.
    expect(await post(sender, receiver.url)).toMatchObject({ kind: 'answered', status: 200 });
    await left.promise;
    receiver.answer = answering(204);
  });

  it('refuses an answer with endless headers, and is cancelled when its process stops', async () => {
    receiver.answer = answering(204, { 'x-endless': 'x'.repeat(20_000) });
    const sender = new LookingUp(true, answers('127.0.0.1'));
    expect(await post(sender, receiver.url)).toEqual({ kind: 'failed', failure: 'connection_failed' });
    receiver.answer = () => new Promise<number>(() => undefined);
    const stop = new AbortController();
    const sent = sender.post({ url: receiver.url, headers: {}, body: '{}' }, stop.signal);
    setImmediate(() => stop.abort());
    expect(await sent).toEqual({ kind: 'cancelled' });
    receiver.answer = answering(204);
  });
});
