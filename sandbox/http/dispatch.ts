import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../api/parameters.js';
import { answerInstead, faultsFor, spoil } from '../faults/transport/transport-faults.js';
import type { World } from '../world.js';
import { tooManyRequests } from './error-replies.js';
import type { Exchange, Route } from './exchange.js';
import { gate } from './gate.js';
import type { Reply } from './reply.js';

async function handle(route: Route, exchange: Exchange): Promise<Reply> {
  try {
    return await route.handle(exchange);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

/** An admitted request of a seller: at most so many at once, where the sandbox is told to mind. */
async function serveSeller(world: World, route: Route, exchange: Exchange): Promise<Reply> {
  const sellerId = exchange.session?.seller?.id ?? '';
  const running = world.counters.enterSeller(sellerId);
  try {
    const { parallelPerSeller } = world.settings;
    if (parallelPerSeller > 0 && running > parallelPerSeller) return tooManyRequests();
    if (world.latencyMs > 0) await sleep(world.latencyMs);
    return await handle(route, exchange);
  } finally {
    world.counters.leaveSeller(sellerId);
  }
}

async function serve(world: World, route: Route, exchange: Exchange): Promise<Reply> {
  if (route.access === 'seller') return serveSeller(world, route, exchange);
  if (route.access === 'app' && world.latencyMs > 0) await sleep(world.latencyMs);
  return handle(route, exchange);
}

/** From a routed request to the answer as it will travel, faults included. */
export async function dispatch(world: World, route: Route, exchange: Exchange): Promise<Reply> {
  const faults = faultsFor(exchange, route.access);
  const refused = route.access === 'seller' ? gate(world, exchange) : null;
  const first = refused ?? answerInstead(faults, exchange, world.faults);
  const answer = first ?? spoil(faults, await serve(world, route, exchange), exchange, world.faults);
  if (answer.delayMs > 0) await sleep(answer.delayMs);
  return answer;
}
