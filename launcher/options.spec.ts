import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('the arguments of npm start', () => {
  it('are off unless given', () => {
    expect(readOptions([])).toEqual({ json: false, smoke: false });
    expect(readOptions(['--smoke', '--json'])).toEqual({ json: true, smoke: true });
  });

  it('are refused when nobody knows them, instead of starting something else than was meant', () => {
    expect(() => readOptions(['--smok'])).toThrow(/--smok/);
  });
});
