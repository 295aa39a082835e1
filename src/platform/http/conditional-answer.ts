import { createHash } from 'node:crypto';
import { SERVICE_VERSION } from '../config/service-version.js';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Bytes of the hash in a tag: two answers of one address that share it are not met in practice. */
const TAG_BYTES = 16;

/** Tags are compared weakly (RFC 9110, 13.1.2). */
const weak = (tag: string) => tag.trim().replace(/^W\//, '');

/** The ETag of whatever follows from `state` alone and from the version of this service; `state` is something JSON can hold. */
export function etagOf(state: unknown): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([SERVICE_VERSION, state]))
    .digest();
  // Weak: compressed and plain answers have the same.
  return `W/"${hash.subarray(0, TAG_BYTES).toString('base64url')}"`;
}

/** Gives an answer the ETag of its state. @returns true when the caller holds it already: then 304 is set and nothing is to be sent */
export function isKnown(tag: string, request: FastifyRequest, reply: FastifyReply): boolean {
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  const known = (request.headers['if-none-match'] ?? '').split(',').map(weak);
  if (!known.includes(weak(tag)) && !known.includes('*')) return false;
  void reply.status(304);
  return true;
}
