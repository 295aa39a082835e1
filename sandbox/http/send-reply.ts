import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Reply } from './reply.js';

const compress = promisify(gzip);

/** Below this a gzip header costs more than it saves. */
const SMALLEST_COMPRESSED_BYTES = 1_400;

/** Statuses whose answers have no body at all. */
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

async function encode(answer: Reply, acceptEncoding: string): Promise<{ body: Buffer; encoding: string | null }> {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  if (answer.encoded || body.length < SMALLEST_COMPRESSED_BYTES || !/\bgzip\b/.test(acceptEncoding)) return { body, encoding: null };
  return { body: await compress(body, { level: 1 }), encoding: 'gzip' };
}

/** Sixteen hex digits; Allegro has been seen to leave out leading zeros. */
function traceId(): string {
  return randomBytes(8).toString('hex').replace(/^0/, '');
}

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

/** Sends an answer in its manner; the broken manners end the connection. */
export async function sendReply(response: ServerResponse, answer: Reply, acceptEncoding: string): Promise<void> {
  if (answer.manner === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { body, encoding } = await encode(answer, acceptEncoding);
  const length = BODILESS.has(answer.status) ? {} : { 'content-length': String(body.length) };
  const encoded = encoding === null ? {} : { 'content-encoding': encoding };
  response.writeHead(answer.status, { ...answer.headers, ...encoded, ...length, 'trace-id': traceId() });
  if (answer.manner === 'whole') {
    response.end(BODILESS.has(answer.status) ? undefined : body);
    return;
  }
  const { socket } = response;
  response.write(half(body), () => {
    if (answer.manner === 'cut') socket?.resetAndDestroy();
    else socket?.end();
  });
}
