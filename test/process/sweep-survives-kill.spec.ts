import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DisturbedShop } from '../support/disturbed-shop.js';
import { SweepKills } from '../support/sweep-kills.js';

const KILLS = 3;
/** Each kill is noticed after 15 s at the earliest. */
const TIMEOUT_MS = 240_000;

let stage: SweepKills;
let shop: DisturbedShop;

beforeAll(async () => {
  ({ stage, shop } = await SweepKills.open(600));
}, TIMEOUT_MS);
afterAll(() => stage.close(shop));

it(
  `a sweep whose worker is killed ${String(KILLS)} times heals everything, names each order it healed, and stores nothing twice`,
  async () => {
    const { certificate, differencesBefore, differencesAfter, doubled } = await stage.sweep(shop, KILLS);
    expect(stage.kills).toBe(KILLS);
    expect(differencesBefore.length).toBeGreaterThan(0);
    expect({ differencesAfter, doubled }).toEqual({ differencesAfter: [], doubled: 0 });
    expect([...certificate.healed].sort()).toEqual([...differencesBefore]);
    expect(certificate).toMatchObject({ complete: true, completeness: 100 });
  },
  TIMEOUT_MS,
);
