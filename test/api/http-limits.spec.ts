import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../../src/platform/http/access/access.decorators.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Answers that are no JSON of the service. */
@Public()
@Controller('texts')
class TextsController {
  @Get('events') async events(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('text/event-stream').send(`data: ${'x'.repeat(5_000)}\n\n`);
  }

  @Get('lines') async lines(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('text/csv; charset=utf-8').send(Readable.from(Array.from({ length: 2_000 }, (_, line) => `${String(line)};text\n`)));
  }
}

let probe: TestApp;

beforeAll(async () => {
  const env = { BODY_LIMIT_KIB: '64', REQUEST_TIMEOUT_SECONDS: '1', CORS_ORIGINS: 'https://shop.example.com' };
  probe = await startTestApp({ controllers: [ProbeController, TextsController], env });
  await probe.app.listen(0, '127.0.0.1');
});
afterAll(() => probe.close());

const DOCUMENT = '/api/v1/openapi.json';
const get = (url: string, headers: Record<string, string> = {}) => probe.app.inject({ url, headers: { ...bearer(tokenOf('a')), ...headers } });

describe('an answer', () => {
  it.each([
    ['gzip, deflate', 'gzip', gunzipSync],
    ['gzip, br', 'br', brotliDecompressSync],
  ])('is compressed for who accepts %s', async (accepted, encoding, decompress) => {
    const plain = await get(DOCUMENT);
    const answer = await get(DOCUMENT, { 'accept-encoding': accepted });
    expect(answer.headers).toMatchObject({ 'content-encoding': encoding, vary: expect.stringMatching(/accept-encoding/i) });
    expect(decompress(answer.rawPayload).toString()).toBe(plain.body);
    expect(answer.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  });

  it('is sent as it is to who asks for nothing, and where it is small', async () => {
    expect((await get(DOCUMENT)).headers['content-encoding']).toBeUndefined();
    expect((await get('/api/v1/probe', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  it('that is a stream is compressed on its way', async () => {
    const answer = await get('/api/v1/texts/lines', { 'accept-encoding': 'br, gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.rawPayload).toString().split('\n')).toHaveLength(2_001);
  });

  it('that is a stream of events is never compressed', async () => {
    expect((await get('/api/v1/texts/events', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  it('carries what helmet sets', async () => {
    expect((await get('/api/v1/probe')).headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'x-permitted-cross-domain-policies': 'none',
      'x-dns-prefetch-control': 'off',
      'x-download-options': 'noopen',
      'x-xss-protection': '0',
      'origin-agent-cluster': '?1',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('lets scripts of a known origin read the limits and the tags', async () => {
    const { headers } = await get('/api/v1/probe', { origin: 'https://shop.example.com' });
    for (const name of ['Content-Range', 'RateLimit', 'Retry-After', 'ETag', 'Idempotency-Replayed'])
      expect(headers['access-control-expose-headers']).toContain(name);
  });
});

describe('the description of the interface', () => {
  it('offers the key on every POST and names the refusals of the pipeline', async () => {
    const { paths } = (await get(DOCUMENT)).json<{ paths: Record<string, Record<string, { parameters?: { name: string }[]; responses: object }>> }>();
    const posts = Object.values(paths).flatMap(({ post }) => (post ? [post] : []));
    expect(posts.length).toBeGreaterThan(1);
    for (const { parameters, responses } of posts) {
      expect(parameters?.map(({ name }) => name)).toContain('Idempotency-Key');
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['409', '413', '415', '422', '429']));
    }
  });
});

describe('a request', () => {
  it('larger than the setting is refused', async () => {
    const send = (length: number) =>
      probe.app.inject({
        method: 'POST',
        url: '/api/v1/probe',
        headers: { ...bearer(tokenOf('a')), 'content-type': 'application/json' },
        payload: JSON.stringify({ account_name: 'x'.repeat(length) }),
      });
    expect((await send(66_000)).json()).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    expect((await send(10)).statusCode).toBe(201);
  });

  it('that does not arrive in time is refused and its connection closed', async () => {
    const { hostname, port } = new URL(await probe.app.getUrl());
    const received = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () =>
        socket.write('POST /api/v1/probe HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"'),
      );
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => {
        resolve(text);
      });
      socket.on('error', reject);
    });
    expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});
