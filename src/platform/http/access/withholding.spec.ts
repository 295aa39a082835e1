import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { fastify, type FastifyReply } from 'fastify';
import type { ScopedRequest } from './access.decorators.js';
import { addWithholding } from './withholding.js';

/** What a caller gets of a handler's answer. */
async function answered(handler: (reply: FastifyReply) => unknown, seesPersonalData: boolean) {
  const server = fastify();
  addWithholding(server);
  server.addHook('onRequest', async (request) => {
    const scope = { tenantId: 'a', roles: new Set(['seller'] as const), actor: 'a', acrossTenants: false, seesPersonalData };
    (request as ScopedRequest).tenantScope = scope;
  });
  server.get('/answer', (_, reply) => handler(reply));
  const answer = await server.inject('/answer');
  await server.close();
  return answer;
}

const file = () => Readable.from(['Halina Zmyślona']);
const sendFile = (reply: FastifyReply) => reply.type('text/csv').header('content-disposition', 'attachment').header('etag', '"1"').send(file());

it('a stream is refused to who may not see buyers, unless its route withholds by itself', async () => {
  const refused = await answered(sendFile, false);
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([403, 'SCOPE_MISSING']);
  expect(refused.headers['content-disposition']).toBeUndefined();
  expect(refused.headers['etag']).toBeUndefined();
  expect(refused.body).not.toContain('Halina');
  expect((await answered(sendFile, true)).body).toBe('Halina Zmyślona');
});

it('text that is no JSON is refused too; nothing is nothing', async () => {
  const text = (reply: FastifyReply) => reply.type('text/plain').send('Halina Zmyślona');
  expect((await answered(text, false)).json()).toMatchObject({ code: 'SCOPE_MISSING' });
  expect((await answered((reply) => reply.code(204).send(), false)).statusCode).toBe(204);
});
