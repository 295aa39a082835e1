import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ServiceClient } from '../support/service-client.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** A start of the whole service and the ten seconds of its stop, on a busy machine. */
const PATIENCE_MS = 90_000;
/** What the launcher waits before it kills. */
const KILLED_AFTER_MS = 8_000;

const FIRST_SYNCS_DONE = `select count(*)::int as done from sync_cursors c join event_log.writer_leases l using (account_id)
  where c.history_done_at is not null and l.holder is null`;

let world: TokenWorld;
let service: ServiceProcess;
let hanging: Socket | null = null;

beforeEach(async () => {
  world = await tokenWorld({ orders: 5, seed: 53 });
  service = await startServiceProcess({ ...world.environment, ROLE: 'all', SYNC_CONCURRENCY: '1', LOG_LEVEL: 'info' });
}, PATIENCE_MS);
afterEach(async () => {
  hanging?.destroy();
  service.signal('SIGKILL');
  await service.ended;
  await world.owner.query('rollback');
  await world.release();
}, PATIENCE_MS);

/** A client that begins a request and never ends it. */
async function beginRequest(url: string): Promise<Socket> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write('POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n');
  await eventually('the connection stands', () => socket.readyState === 'open');
  return socket;
}

const statusOf = async (taskId: string): Promise<unknown> =>
  (await world.owner.query<{ status: string }>('select status from tasks where id = $1', [taskId])).rows[0]?.status;

/** A sync that waits in the middle of a statement, where no signal reaches it, and one behind it; then SIGTERM. */
async function stopBusyService(): Promise<{ stuck: string; waiting: string; startedAt: number }> {
  const url = service.url ?? '';
  const clients = [new ServiceClient(url, 'tenant-a'), new ServiceClient(url, 'tenant-b')];
  const tokens = await Promise.all(clients.map((client) => client.connect(world)));
  await eventually('the first syncs, which linking owes, are done', async () => {
    const { rows } = await world.owner.query<{ done: number }>(FIRST_SYNCS_DONE);
    return rows[0]?.done === 2;
  });
  await world.owner.query('begin');
  await world.owner.query('lock table sync_runs in access exclusive mode');
  const [stuck, waiting] = await Promise.all(clients.map((client, index) => client.startSync(tokens[index] ?? '', true)));
  if (stuck === undefined || waiting === undefined) throw new Error('the syncs were not started');
  await eventually('one of them is stuck', async () => {
    const { rowCount } = await world.owner.query(`select from pg_locks where relation = 'sync_runs'::regclass and not granted`);
    return rowCount !== 0 && [await statusOf(stuck), await statusOf(waiting)].includes('STARTED');
  });
  hanging = await beginRequest(url);
  service.signal('SIGTERM');
  return { stuck, waiting, startedAt: performance.now() };
}

describe('SIGTERM while a request hangs and a sync does not listen', () => {
  it(
    'ends the process with 0 before anybody kills it, and the work waits for another process',
    async () => {
      const { stuck, waiting, startedAt } = await stopBusyService();
      expect(await service.ended).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(KILLED_AFTER_MS);
      await world.owner.query('rollback');
      expect([await statusOf(stuck), await statusOf(waiting)]).toEqual(['PENDING', 'PENDING']);
    },
    PATIENCE_MS,
  );

  it(
    'takes no more work from the first moment on, though the request keeps the process',
    async () => {
      const { stuck, waiting } = await stopBusyService();
      await eventually('it stops', () => service.stdout().includes('"stopping"'));
      await world.owner.query('rollback');
      expect(await service.ended).toBe(0);
      expect([await statusOf(stuck), await statusOf(waiting)]).toEqual(['PENDING', 'PENDING']);
    },
    PATIENCE_MS,
  );
});
