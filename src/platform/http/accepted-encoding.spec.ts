import { expect, it } from '@jest/globals';
import { acceptedEncoding } from './accepted-encoding.js';

it.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0.5, GZIP;q=0.8', 'gzip'],
  ['br;q=0, gzip;q=0', null],
  ['br;q=none', null],
  ['*', null],
])('of %j takes %j', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding);
});
