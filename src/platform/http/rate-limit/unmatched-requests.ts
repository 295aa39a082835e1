import type { FastifyInstance } from 'fastify';
import { tooManyRefusals } from './rate-limit.errors.js';
import type { RateLimits } from './rate-limits.service.js';

/** Whoever looks for addresses that are not there is slowed down like whoever guesses tokens. */
export function limitUnmatchedRequests(fastify: FastifyInstance, limits: RateLimits): void {
  fastify.addHook('onRequest', async (request) => {
    if (!request.is404) return;
    const waitSeconds = await limits.ofRefused(request.ip);
    if (waitSeconds !== null) throw tooManyRefusals(waitSeconds);
  });
}
