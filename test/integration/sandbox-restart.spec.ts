import { describe, expect, it } from '@jest/globals';
import { startSandbox } from '../../sandbox/sandbox.js';

const HOUR_MS = 3_600_000;

describe('a sandbox that is started again', () => {
  it('has the same past, and new orders under ids that no earlier start gave', async () => {
    const past = { seed: 7, orders: 50, historyEndsAtMs: Date.now() - HOUR_MS };
    const shop = async (): Promise<{ past: unknown; sold: string[] }> => {
      const sandbox = await startSandbox(past);
      const orders = sandbox.orders();
      const sold = sandbox.createOrders({ kind: 'ready', count: 3 });
      await sandbox.close();
      return { past: orders, sold };
    };
    const earlier = await startSandbox({ ...past, startsAtMs: past.historyEndsAtMs });
    const soldEarlier = earlier.createOrders({ kind: 'ready', count: 3 });
    await earlier.close();
    const [first, second] = [await shop(), await shop()];
    expect(second.past).toEqual(first.past);
    expect(first.sold.filter((id) => soldEarlier.includes(id))).toEqual([]);
  });
});
