import { describe, expect, it } from '@jest/globals';
import { baseCurrency } from './statistics-answer.js';

const sums = (currency: string, orders: number) => ({ currency, orders, revenue: '1', average: '1' });

describe('the base currency of an account', () => {
  it.each([
    ['allegro-pl', 'PLN'],
    ['allegro-business-cz', 'CZK'],
    ['allegro-sk', 'EUR'],
    ['allegro-hu', 'HUF'],
  ])('of %s is %s', (marketplace, currency) => {
    expect(baseCurrency(marketplace, [sums('USD', 9)])).toBe(currency);
  });

  it('is the most frequent one where the marketplace is unknown, and PLN of nothing', () => {
    expect(baseCurrency(null, [sums('CZK', 2), sums('EUR', 3)])).toBe('EUR');
    expect(baseCurrency('allegro-new', [])).toBe('PLN');
  });
});
