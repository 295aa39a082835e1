import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { billionths, decimalText } from './exact-decimal.js';

describe('an amount in billionths', () => {
  it.each([
    ['0', '0.00'],
    ['-0.5', '-0.50'],
    ['70', '70.00'],
    ['12.3456', '12.3456'],
    ['999999999999999999.999999999', '999999999999999999.999999999'],
  ])('of %s is written as %s', (amount, text) => {
    expect(decimalText(billionths(amount))).toBe(text);
  });

  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }), (value) => {
        expect(billionths(decimalText(value))).toBe(value);
      }),
    );
  });
});
