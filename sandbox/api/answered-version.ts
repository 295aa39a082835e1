import type { Order } from '../shop/order.js';
import type { World } from '../world.js';

/** How many steps of an order a reader is shown: all, or one fewer from a replica that lags. */
export function answeredSteps(world: World, order: Order, turn: number): number {
  const all = order.lived.length;
  const first = order.parents.length === 0 ? 0 : 1;
  const lagging = order.staleUntilMs > world.clock.nowMs() || world.faults.strikes('stale', order.key, turn);
  return lagging && all > first ? all - 1 : all;
}
