import type { JsonObject } from '../json.js';
import type { Market } from './markets.js';

/** A price in Allegro's shape from whole minor units. */
export function price(minor: number, currency: string): JsonObject {
  const sign = minor < 0 ? '-' : '';
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return { amount: `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}

/** A Polish price carried to another market, on that market's price steps; never zero. */
export function inMarket(groszy: number, market: Market): number {
  const steps = Math.max(1, Math.round((groszy * market.rate) / market.priceStep));
  return steps * market.priceStep;
}
