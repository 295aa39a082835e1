import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrdersModule } from '../../src/orders/orders.module.js';
import { eventually } from '../support/eventually.js';
import { testEnvironment } from '../support/environment.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { seedAccount, type SeededAccount } from '../support/seeded-accounts.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let context: TestingModule;
let owner: pg.Client;
let account: SeededAccount;

beforeAll(async () => {
  database = await cloneDatabase();
  context = await startContext(database, { imports: [OrdersModule] });
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  account = await seedAccount(owner, 'tenant-a');
});

afterAll(async () => {
  await owner.end();
  await context.close();
  await database.drop();
});

/** The command as support runs it, in a process of its own. */
function replay(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const hooks = fileURLToPath(new URL('../support/typescript-hooks.mjs', import.meta.url));
  const command = fileURLToPath(new URL('../../src/replay-cli.ts', import.meta.url));
  const env = { ...testEnvironment({ DATABASE_URL: database.serviceUrl }), PATH: process.env['PATH'] };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', '--import', hooks, command, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const record = (status: string, observedAt: string) =>
  context.get(OrderRecorder).record({
    accountId: account.accountId,
    fence: null,
    actor: 'sync',
    journal: [],
    forms: [formReading(inventedForm('o', { status, updatedAt: observedAt }), observedAt)],
  });

describe('the replay command of support', () => {
  it('prints an order as of an instant, repairs its projection and says how it went by its exit code', async () => {
    const token = account.tokenIds[0] ?? '';
    await record('BOUGHT', '2026-03-01T09:00:00.000Z');
    const instant = new Date().toISOString();
    await eventually('the next millisecond, which as_of tells apart', () => Date.now() > Date.parse(instant));
    await record('READY_FOR_PROCESSING', '2026-03-01T10:00:00.000Z');
    await owner.query(`update orders set status = 'FILLED_IN' where account_id = $1`, [account.accountId]);

    const [then, now] = await Promise.all([replay('--token', token, '--order', 'O', '--as-of', instant), replay('--token', token, '--order', 'o')]);
    expect([then.code, JSON.parse(then.stdout)]).toEqual([0, expect.objectContaining({ order: expect.objectContaining({ status: 'BOUGHT', version: 1 }) })]);
    expect([now.code, JSON.parse(now.stdout)]).toEqual([
      0,
      expect.objectContaining({ order: expect.objectContaining({ status: 'READY_FOR_PROCESSING', version: 2 }) }),
    ]);
    expect((await owner.query('select status from orders')).rows).toEqual([{ status: 'FILLED_IN' }]);

    const repaired = await replay('--token', token, '--order', 'o', '--rebuild', '--reason', 'the list shows an old status');
    expect([repaired.code, JSON.parse(repaired.stdout)]).toEqual([
      0,
      { orderId: 'o', version: 2, events: 2, differences: [{ path: 'columns.status', old: 'FILLED_IN', new: 'READY_FOR_PROCESSING' }], repaired: true },
    ]);
    expect((await owner.query('select status from orders')).rows).toEqual([{ status: 'READY_FOR_PROCESSING' }]);
    expect((await owner.query('select actor, tenant_id, action, subject, reason from audit_entries')).rows).toEqual([
      {
        actor: expect.stringMatching(/^command line: \S/),
        tenant_id: 'tenant-a',
        action: 'orders.rebuild',
        subject: { token_id: token, order_id: 'o' },
        reason: 'the list shows an old status',
      },
    ]);
  }, 60_000);

  it.each([
    ['an unknown token', ['--token', randomUUID(), '--order', 'o'], 1, 'no such order'],
    ['a missing order', ['--token', randomUUID()], 2, 'usage:'],
    ['no instant', ['--token', randomUUID(), '--order', 'o', '--as-of', 'then'], 2, 'no instant'],
    ['a rebuild of the past', ['--token', randomUUID(), '--order', 'o', '--as-of', '2026-03-01', '--rebuild'], 2, 'only the present'],
    ['a rebuild without a reason', ['--token', randomUUID(), '--order', 'o', '--rebuild'], 2, '--reason'],
    ['an unknown option', ['--what'], 2, '--what'],
  ])(
    'refuses %s',
    async (_name, args, code, words) => {
      const answer = await replay(...args);
      expect([answer.code, answer.stdout, answer.stderr]).toEqual([code, '', expect.stringContaining(words)]);
    },
    60_000,
  );
});
