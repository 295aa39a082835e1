import { describe, expect, it } from '@jest/globals';
import { isIssuedAfter } from './newer-pair.js';

const jwt = (claims: object) => `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

describe('which of two pairs is the newer one', () => {
  it('goes by the moment of issue', () => {
    expect(isIssuedAfter(jwt({ iat: 200, exp: 1 }), jwt({ iat: 100, exp: 2 }))).toBe(true);
    expect(isIssuedAfter(jwt({ iat: 100, exp: 2 }), jwt({ iat: 200, exp: 1 }))).toBe(false);
  });

  it('goes by the expiry where the moment of issue is not told', () => {
    expect(isIssuedAfter(jwt({ exp: 50_000 }), jwt({ exp: 43_000, iat: 7 }))).toBe(true);
    expect(isIssuedAfter(jwt({ exp: 43_000 }), jwt({ exp: 50_000 }))).toBe(false);
  });

  it.each([
    ['equal stamps', jwt({ iat: 5 }), jwt({ iat: 5 })],
    ['opaque tokens', 'a', 'b'],
    ['no stamps', jwt({}), jwt({})],
    ['broken bytes', 'x.@@@.y', jwt({ iat: 1 })],
    ['claims that are no object', `x.${Buffer.from('7').toString('base64url')}.y`, jwt({ iat: 1 })],
  ])('keeps the stored pair for %s', (_case, late, stored) => {
    expect(isIssuedAfter(late, stored)).toBe(false);
  });
});
