import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonText } from './json-text.js';

describe('reading JSON', () => {
  it('keeps the digits of numbers that a double would round', () => {
    expect(parseJsonText('{"id":12345678901234567890,"n":[0.12345678901234567891]}')).toEqual({
      id: '12345678901234567890',
      n: ['0.12345678901234567891'],
    });
  });

  it('keeps numbers that a double holds as numbers, however they are spelt', () => {
    expect(parseJsonText('[1640995200000000,1.0,1e3,0.1,-5,1.50E+2,1000000000000000000000]')).toEqual([1640995200000000, 1, 1000, 0.1, -5, 150, 1e21]);
  });

  it('keeps a number beyond the range of a double as text', () => {
    expect(parseJsonText('[1e999]')).toEqual(['1e999']);
  });

  it('keeps the order of the keys and never lets __proto__ reach a prototype', () => {
    const value = parseJsonText('{"z":1,"a":{"__proto__":{"polluted":true}}}');
    expect(JSON.stringify(value)).toBe('{"z":1,"a":{"__proto__":{"polluted":true}}}');
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
  });

  it('gives back every JSON value it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseJsonText(text))).toBe(text);
      }),
    );
  });
});
