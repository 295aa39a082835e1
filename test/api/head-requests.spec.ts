import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { addressOf, fill } from '../support/interface/fillers.js';
import { documentOf, operationsOf } from '../support/interface/operations.js';
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
