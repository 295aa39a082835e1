import { describe, expect, it } from '@jest/globals';
import { Random, unitOf } from './random.js';

describe('seeded randomness', () => {
  it('gives the same sequence for the same key and another for a neighbouring one', () => {
    const draw = (key: string): number[] => {
      const random = new Random(key, 1);
      return Array.from({ length: 20 }, () => random.integer(0, 1_000_000));
    };
    expect(draw('shop')).toEqual(draw('shop'));
    expect(draw('shop')).not.toEqual(draw('shoq'));
  });

  it('draws 50,000 different ids from neighbouring keys', () => {
    const ids = new Set(Array.from({ length: 50_000 }, (_, index) => new Random('7/seller/0/order', index, 'id').uuid()));
    expect(ids.size).toBe(50_000);
    for (const id of [...ids].slice(0, 100)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-11f0-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('strikes about as often as its rate says', () => {
    const struck = Array.from({ length: 20_000 }, (_, turn) => unitOf(5, 'cut', 'GET /order/events', turn)).filter((unit) => unit < 0.05);
    expect(struck.length).toBeGreaterThan(850);
    expect(struck.length).toBeLessThan(1_150);
  });
});
