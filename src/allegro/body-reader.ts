import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { errorCode } from './error-code.js';

export type BodyFaultKind = 'too-large' | 'encoding' | 'cut';

/** A body that could not be read to its end. */
export class BodyFault extends Error {
  constructor(readonly fault: BodyFaultKind) {
    super(fault);
    this.name = 'BodyFault';
  }
}

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly idleMs: number;
}

/** More than two encodings around one body is an attack, not a transfer. */
const MOST_ENCODINGS = 2;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/**
 * Reads a body and undoes its encodings while counting: the first byte beyond the limit ends the transfer, so a bomb never
 * unfolds in memory. The raw bytes are bounded as well, because endless empty gzip members unfold to nothing.
 * @throws BodyFault
 */
export async function readBody(source: Readable, contentEncoding: unknown, limits: BodyLimits): Promise<Buffer> {
  const decoders = decodersFor(contentEncoding);
  if (decoders === null) {
    source.destroy();
    throw new BodyFault('encoding');
  }
  const idle = setTimeout(() => source.destroy(new BodyFault('cut')), limits.idleMs);
  const chunks: Buffer[] = [];
  try {
    await pipeline([source, boundedRaw(limits.bodyBytes, idle), ...decoders, collector(chunks, limits.bodyBytes)]);
    return Buffer.concat(chunks);
  } catch (error) {
    throw asFault(error);
  } finally {
    clearTimeout(idle);
  }
}

function decodersFor(contentEncoding: unknown): Transform[] | null {
  const names = typeof contentEncoding === 'string' ? contentEncoding.split(',').map((name) => name.trim().toLowerCase()) : [];
  const applied = names.filter((name) => name !== '' && name !== 'identity');
  if (applied.length > MOST_ENCODINGS) return null;
  const factories = applied.reverse().map((name) => DECODERS[name]);
  return factories.every((factory) => factory !== undefined) ? factories.map((factory) => factory()) : null;
}

function boundedRaw(mostBytes: number, idle: NodeJS.Timeout): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      idle.refresh();
      total += chunk.length;
      if (total > mostBytes) done(new BodyFault('too-large'));
      else done(null, chunk);
    },
  });
}

function collector(chunks: Buffer[], mostBytes: number): Writable {
  let total = 0;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      if (total > mostBytes) {
        done(new BodyFault('too-large'));
        return;
      }
      chunks.push(chunk);
      done();
    },
  });
}

/** zlib's "unexpected end" is a cut transfer, its other errors are a body that is not what it says. */
function asFault(error: unknown): BodyFault {
  if (error instanceof BodyFault) return error;
  const code = errorCode(error) ?? '';
  const corrupt = code !== 'Z_BUF_ERROR' && /^(?:Z_|ERR_BROTLI|ERR__ERROR)/.test(code);
  return new BodyFault(corrupt ? 'encoding' : 'cut');
}
