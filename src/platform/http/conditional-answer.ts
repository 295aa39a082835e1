import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Bytes of the hash in a tag: two answers of one address that share it are not met in practice. */
const TAG_BYTES = 16;

const weak = (tag: string) => tag.trim().replace(/^W\//, '');

/**
 * Gives an answer its ETag. @returns the text, or nothing with 304 when the caller holds it already (`If-None-Match`).
 */
export function conditionalAnswer(text: string, request: FastifyRequest, reply: FastifyReply): string {
  const tag = `"${createHash('sha256').update(text).digest().subarray(0, TAG_BYTES).toString('base64url')}"`;
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  const known = (request.headers['if-none-match'] ?? '').split(',').map(weak);
  if (!known.includes(tag) && !known.includes('*')) return text;
  void reply.status(304);
  return '';
}
