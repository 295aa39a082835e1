import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DisturbedShop, type Swept } from '../support/disturbed-shop.js';

const ORDERS = 5_000;
const TIMEOUT_MS = 600_000;

describe('a sweep of 5,000 orders whose journal hides, delays, doubles and shuffles events while orders are merged', () => {
  let shop: DisturbedShop;
  let swept: Swept;

  beforeAll(async () => {
    shop = await DisturbedShop.open(ORDERS);
    swept = await shop.sweep();
  }, TIMEOUT_MS);
  afterAll(() => shop.close());

  it('leaves every order as it is at Allegro, names each one it healed, and stores nothing twice', () => {
    const { certificate, differencesBefore, differencesAfter, doubled, parents } = swept;
    const seconds = (Date.parse(String(certificate['finished_at'])) - Date.parse(String(certificate['started_at']))) / 1000;
    process.stdout.write(
      `${JSON.stringify({ orders: ORDERS, merged: parents.length / 2, wrongBefore: differencesBefore.length, wrongAfter: differencesAfter.length, doubled, requests: certificate['requests'], seconds, ...certificate.counts })}\n`,
    );
    expect(differencesBefore.length).toBeGreaterThan(20);
    expect(differencesAfter).toEqual([]);
    expect(doubled).toBe(0);
    expect([...certificate.healed].sort()).toEqual([...differencesBefore]);
    expect(certificate).toMatchObject({ complete: true, completeness: 100 });
  });
});
