import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DisturbedShop, Swept } from '../support/disturbed-shop.js';
import { SweepKills } from '../support/sweep-kills.js';

const KILLS = 50;
/** A task may die five times in one place before it is given up after eight. */
const KILLS_PER_SWEEP = 5;
const ORDERS_PER_ROUND = 500;
const TIMEOUT_MS = 3_600_000;

let stage: SweepKills;
let shop: DisturbedShop;

beforeAll(async () => {
  ({ stage, shop } = await SweepKills.open(ORDERS_PER_ROUND));
}, TIMEOUT_MS);
afterAll(() => stage.close(shop));

const isWhole = ({ certificate, differencesBefore, differencesAfter, doubled }: Swept): boolean =>
  differencesAfter.length === 0 && doubled === 0 && certificate['complete'] === true && [...certificate.healed].sort().join() === differencesBefore.join();

it(
  `sweeps whose workers are killed ${String(KILLS)} times heal everything, name each order they healed, and store nothing twice`,
  async () => {
    const sweeps: Swept[] = [];
    while (stage.kills < KILLS) {
      if (sweeps.length > 0) await shop.trade(ORDERS_PER_ROUND);
      sweeps.push(await stage.sweep(shop, Math.min(KILLS_PER_SWEEP, KILLS - stage.kills)));
    }
    const healed = sweeps.reduce((sum, { certificate }) => sum + certificate.healed.length, 0);
    process.stdout.write(`${JSON.stringify({ kills: stage.kills, sweeps: sweeps.length, orders: shop.world.sandbox.orderIds().length, healed })}\n`);
    expect(sweeps.filter((swept) => !isWhole(swept))).toEqual([]);
  },
  TIMEOUT_MS,
);
