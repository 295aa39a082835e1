import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { NestLogger } from '../../src/platform/observability/nest-logger.js';
import { StructuredLogger } from '../../src/platform/observability/structured-logger.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

let world: TokenWorld;
let service: Service;
let tokenId: string;
const lines: string[] = [];

beforeAll(async () => {
  world = await tokenWorld({ orders: 2, seed: 59 });
  service = await Service.start(world, { role: 'all' });
  const configuration = parseConfiguration({ ...world.environment, LOG_LEVEL: 'info' });
  service.app.useLogger(new NestLogger(new StructuredLogger(configuration, { write: (line) => lines.push(line) })));
  ({ tokenId } = await service.connect());
});
afterAll(async () => {
  await service.stop();
  await world.release();
});

const records = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const requestLine = (orderId: string) =>
  eventually('the request is logged', () => records().find(({ message, path }) => message === 'request' && String(path).includes(orderId)));

describe('the log lines of work that asked Allegro', () => {
  it('carry the trace id of the answer, for a request that went well and for one that failed', async () => {
    const [good = '', bad = ''] = world.sandbox.createOrders({ count: 2 });
    world.sandbox.setOrderFault(bad, 'poison');
    expect((await service.call('POST', `/orders/${good}/sync?token_id=${tokenId}`)).status).toBe(200);
    const failed = await service.call('POST', `/orders/${bad}/sync?token_id=${tokenId}`);
    expect(failed.status).toBe(503);
    const wentWell = await requestLine(good);
    expect(wentWell).toMatchObject({ status: 200, tenant: 'tenant-a', trace_id: expect.stringMatching(/./) });
    expect(await requestLine(bad)).toMatchObject({ status: 503, trace_id: failed.body['allegro_trace_id'] });
    expect(wentWell['trace_id']).not.toBe(failed.body['allegro_trace_id']);
  });

  it('of a sync task carry the task, its tenant and the trace id of its last answer', async () => {
    const { body } = await service.call('POST', '/sync/start', { token_id: tokenId, force_full_sync: true });
    const ran = await eventually('the task ran', () => records().find(({ message, task_id: id }) => message === 'a task ran' && id === body['task_id']));
    expect(ran).toMatchObject({
      outcome: 'SUCCESS',
      task_type: 'sync_full',
      tenant: 'tenant-a',
      account_id: expect.any(String),
      trace_id: expect.stringMatching(/./),
    });
    expect(ran).not.toHaveProperty('request_id');
  });
});
