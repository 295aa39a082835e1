import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';
import { TokenProcess } from '../support/token-process.js';

/** Eight processes compile and start on a machine that may be busy. */
jest.setTimeout(180_000);

const PROCESSES = 8;

describe('one token in several processes', () => {
  let world: TokenWorld;
  let tokenId: string;
  let processes: TokenProcess[];

  beforeEach(async () => {
    world = await tokenWorld();
    const app = await Service.start(world);
    tokenId = await app.import('Shop', seller(), 'tenant-a');
    await app.stop();
    await passTime('expires_at');
    processes = [];
  });

  afterEach(async () => {
    await Promise.all(processes.map(async (one) => one.kill()));
    await world.release();
  });

  const seller = (): string => world.sandbox.sellers()[0]?.id ?? '';
  const start = async (role: 'api' | 'scheduler' = 'api'): Promise<TokenProcess> => {
    const started = await TokenProcess.start(world, role);
    processes.push(started);
    return started;
  };
  /** Lets a time of the row pass. */
  const passTime = async (column: 'expires_at' | 'lease_until'): Promise<void> => {
    await world.owner.query(`update tokens set ${column} = now() - interval '1 second' where id = $1`, [tokenId]);
  };
  const row = async (): Promise<unknown> => {
    const { rows } = await world.owner.query('select state, generation, lease_id from tokens where id = $1', [tokenId]);
    return rows[0];
  };
  const spent = (): { spends: number; repeats: number; refusals: number } => {
    const records = world.sandbox.stats().refreshes;
    const sum = (pick: (one: (typeof records)[number]) => number): number => records.reduce((total, one) => total + pick(one), 0);
    return { spends: sum((one) => one.spends), repeats: sum((one) => one.graceRepeats), refusals: sum((one) => one.refusals) };
  };

  it(`is refreshed once by ${String(PROCESSES)} processes that need it at the same moment, and all of them go on`, async () => {
    await Promise.all(Array.from({ length: PROCESSES }, async () => start()));
    world.sandbox.setLatency(200);
    for (const one of processes) one.tell({ kind: 'use', tokenId });
    const replies = await Promise.all(processes.map(async (one) => one.reply('used')));
    expect(replies).toEqual(Array(PROCESSES).fill({ kind: 'used', seller: seller() }));
    expect(spent()).toEqual({ spends: 1, repeats: 0, refusals: 0 });
    expect(await row()).toEqual({ state: 'active', generation: '2', lease_id: null });
  });

  it("is not lost by a process killed between Allegro's answer and storing it: another repeats the refresh unasked", async () => {
    const [killed] = [await start(), await start('scheduler')];
    killed.tell({ kind: 'hold' });
    killed.tell({ kind: 'use', tokenId });
    await killed.reply('answered');
    await killed.kill();
    expect(await row()).toMatchObject({ state: 'active', generation: '1', lease_id: expect.any(String) });
    await passTime('lease_until');
    await eventually('the refresh was repeated', async () => ((await row()) as { generation: string }).generation === '2');
    expect(spent()).toEqual({ spends: 1, repeats: 1, refusals: 0 });
    const other = await start();
    other.tell({ kind: 'use', tokenId });
    expect(await other.reply('used')).toEqual({ kind: 'used', seller: seller() });
  });

  it('survives a process that is frozen with its answer and wakes up after another has refreshed', async () => {
    const [frozen, other] = [await start(), await start()];
    frozen.tell({ kind: 'hold' });
    frozen.tell({ kind: 'use', tokenId });
    await frozen.reply('answered');
    frozen.signal('SIGSTOP');
    world.sandbox.advanceClock(25_000);
    await passTime('lease_until');
    other.tell({ kind: 'use', tokenId });
    await other.reply('used');
    frozen.signal('SIGCONT');
    frozen.tell({ kind: 'go-on' });
    expect(await frozen.reply('used')).toEqual({ kind: 'used', seller: seller() });
    expect(await row()).toEqual({ state: 'active', generation: '2', lease_id: null });
    expect(spent()).toEqual({ spends: 1, repeats: 1, refusals: 0 });
  });
});
