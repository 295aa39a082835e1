import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { acceptedEncoding, type Encoding } from './accepted-encoding.js';

/** Below one packet there is nothing to gain. */
const SMALLEST_BYTES = 1_024;
/** Half a percent larger than the best, at a twentieth of its time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const TEXT_TYPES = /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-ndjson))/;

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** Answers of text are compressed for who accepts it, outside the event loop. A stream of events takes its reply over itself and stays as it is. */
export function addCompression(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (!isWorthIt(reply, payload)) return payload;
    addVary(reply);
    const encoding = acceptedEncoding(request.headers['accept-encoding']);
    if (encoding === null || request.method === 'HEAD') return payload;
    return compressed(encoding, reply, payload);
  });
}

type Payload = string | Buffer | Readable;

function isWorthIt(reply: FastifyReply, payload: unknown): payload is Payload {
  // Ranges count the bytes of what is stored, so what offers them is sent as it is.
  if (reply.hasHeader('content-encoding') || reply.hasHeader('accept-ranges') || !TEXT_TYPES.test(String(reply.getHeader('content-type')))) return false;
  if (payload instanceof Readable) return true;
  return (typeof payload === 'string' || Buffer.isBuffer(payload)) && Buffer.byteLength(payload) >= SMALLEST_BYTES;
}

async function compressed(encoding: Encoding, reply: FastifyReply, payload: Payload): Promise<Buffer | Readable> {
  void reply.removeHeader('content-length').header('content-encoding', payload instanceof Readable ? 'gzip' : encoding);
  if (!(payload instanceof Readable)) return encoding === 'br' ? compressBrotli(payload, BROTLI) : compressGzip(payload);
  // Flushed with every piece: whoever reads a long answer sees its first lines at once. A failure destroys both ends.
  return pipeline(payload, createGzip({ flush: constants.Z_SYNC_FLUSH }), () => undefined);
}

function addVary(reply: FastifyReply): void {
  const vary = reply.getHeader('vary');
  void reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`);
}
