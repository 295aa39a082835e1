import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { bearer, tokenOf } from '../../support/access-tokens.js';
import { InterfaceStage } from '../../support/interface/stage.js';
import { ForeignClient } from './foreign-client.js';
import { ORDER_CALLS } from './order-calls.js';
import { SERVICE_CALLS, SYNC_CALLS } from './sync-calls.js';
import { TOKEN_CALLS } from './token-calls.js';

const CALLS = { ...TOKEN_CALLS, ...ORDER_CALLS, ...SYNC_CALLS, ...SERVICE_CALLS };
/** The calls a frontend of the predecessor makes: 11 of tokens, 14 of orders, 15 of syncs, 5 of the service itself. */
const LISTED = 45;
/** Where the agreement itself lies on the machines that have it. */
const AGREEMENT = join(process.cwd(), '..', 'shared', 'contract');

let stage: InterfaceStage;
let client: ForeignClient;
const covered = new Set<string>();

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
  stage = await InterfaceStage.start('6f1c2f8e-contract');
  client = new ForeignClient(stage);
  const resume = {
    method: 'POST' as const,
    url: '/api/v1/sync/resume',
    headers: { ...bearer(tokenOf(stage.tenant, { roles: ['operator'] })), 'content-type': 'application/json' },
  };
  await stage.service.app.inject({ ...resume, payload: JSON.stringify(client.account) });
});
afterAll(() => stage.stop());

describe('a frontend of the predecessor, its base URL alone changed', () => {
  it.each(Object.keys(CALLS))('%s', async (call) => {
    await CALLS[call]?.(client);
    covered.add(call);
  });

  it('finds every call it makes', () => {
    process.stdout.write(`contract: ${String(covered.size)} calls covered of ${String(LISTED)} listed\n`);
    expect(covered.size).toBe(LISTED);
    expect([...covered].sort()).toEqual(existsSync(AGREEMENT) ? agreedCalls().sort() : Object.keys(CALLS).sort());
  });
});

/** The calls of the agreement's tables and of its sentence about what is outside the prefix. */
function agreedCalls(): string[] {
  const [file = ''] = readdirSync(AGREEMENT).filter((name) => name.endsWith('.md'));
  const text = readFileSync(join(AGREEMENT, file), 'utf8');
  const calls: string[] = [];
  let prefix = '';
  for (const line of text.split('\n')) {
    prefix = /^## .*`(\/api\/v1\/\w+)`/.exec(line)?.[1] ?? prefix;
    const [, method, path] = /^\| `(GET|POST|PUT|PATCH|DELETE) (\S*)` \|/.exec(line) ?? [];
    if (method !== undefined) calls.push(`${method} ${prefix}${path === '/' ? '' : (path ?? '')}`);
    if (line.startsWith('`GET /` ')) calls.push(...[...line.matchAll(/`(GET \/\S*)`/g)].map(([, call]) => call ?? ''));
  }
  return calls;
}
