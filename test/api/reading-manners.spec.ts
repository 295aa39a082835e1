import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { addressOf, fill } from '../support/interface/fillers.js';
import { documentOf, type Operation, operationsOf } from '../support/interface/operations.js';
import { InterfaceStage } from '../support/interface/stage.js';

const OWNER = 'tenant-owner';
/** Its answer to a GET never ends. */
const ENDLESS = '/api/v1/changes/stream';

let stage: InterfaceStage;

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
  stage = await InterfaceStage.start(OWNER);
});
afterAll(() => stage.stop());

it('every address that is read answers a HEAD as its GET, without the body and with no other length', async () => {
  const document = documentOf(stage.service.app);
  const headers = bearer(tokenOf(OWNER, { roles: ['seller', 'operator', 'support'] }));
  const wrong: string[] = [];
  const read = operationsOf(document).filter(({ method }) => method === 'GET');
  for (const operation of read) {
    const url = addressOf(operation, fill(operation, document, stage.subjects));
    const head = await stage.service.app.inject({ method: 'HEAD', url, headers });
    const get =
      operation.path === ENDLESS
        ? { statusCode: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } }
        : await stage.service.app.inject({ url, headers });
    const { 'content-length': length, 'content-type': type } = head.headers;
    const isSame = head.statusCode === get.statusCode && type === get.headers['content-type'] && head.body === '';
    // What tells the time may be a few characters longer or shorter the next time.
    const isItsLength = length === undefined || Math.abs(Number(length) - Number((get.headers as Record<string, unknown>)['content-length'])) < 200;
    if (!isSame || !isItsLength)
      wrong.push(
        `${operation.name}: ${String(head.statusCode)} ${String(type)} ${String(length)} instead of ${String(get.statusCode)} ${JSON.stringify(get.headers)}`,
      );
  }
  expect(wrong).toEqual([]);
  expect(read.length).toBeGreaterThan(50);
});

/** What a call documents of itself under a name. */
const names = ({ parameters }: Operation, where: string, name: string): boolean => parameters.some((known) => known.in === where && known.name === name);

it('every answer with an ETag is answered 304 to who holds it, and the document says so', async () => {
  const document = documentOf(stage.service.app);
  const headers = bearer(tokenOf(OWNER, { roles: ['seller', 'operator', 'support'] }));
  const tagged: string[] = [];
  const wrong: string[] = [];
  for (const operation of operationsOf(document).filter(({ method, path }) => method === 'GET' && path !== ENDLESS)) {
    const url = addressOf(operation, fill(operation, document, stage.subjects));
    const { etag } = (await stage.service.app.inject({ url, headers })).headers;
    if (typeof etag !== 'string' || operation.path.includes('settings')) continue;
    tagged.push(operation.path);
    const again = await stage.service.app.inject({ url, headers: { ...headers, 'if-none-match': etag } });
    if (again.statusCode !== 304 || !('304' in operation.responses) || !names(operation, 'header', 'If-None-Match'))
      wrong.push(`${operation.name}: ${String(again.statusCode)}`);
  }
  expect(wrong).toEqual([]);
  expect(tagged).toContain('/api/v1/orders');
});

it('the document names what only some calls answer, and user_id and reason wherever staff may act in another tenant', () => {
  const operations = operationsOf(documentOf(stage.service.app));
  const statuses = Object.fromEntries(operations.map(({ name, responses }) => [name, Object.keys(responses)]));
  expect(statuses['GET /api/v1/exports/{export_id}/file']).toEqual(expect.arrayContaining(['200', '206', '410', '416']));
  for (const feed of ['GET /api/v1/changes', 'GET /api/v1/changes/stream']) expect(statuses[feed]).toContain('410');
  const silent = operations.filter(
    (operation) => operation.rolesAcrossTenants.length > 0 && !(names(operation, 'query', 'user_id') && names(operation, 'query', 'reason')),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});
