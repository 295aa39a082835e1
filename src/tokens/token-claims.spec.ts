import { describe, expect, it } from '@jest/globals';
import { isIssuedAfter, mayBelongTo } from './token-claims.js';

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

describe('whose token it is', () => {
  it('is told by the numeric user id, where the token tells it', () => {
    expect(mayBelongTo(jwt({ user_name: '46968690' }), '46968690')).toBe(true);
    expect(mayBelongTo(jwt({ user_name: '46968690' }), '1')).toBe(false);
  });

  it.each([
    ['an opaque token', 'opaque'],
    ['no claim', jwt({})],
    ['a login', jwt({ user_name: 'a-shop' })],
  ])('is left open for %s', (_case, token) => {
    expect(mayBelongTo(token, '1')).toBe(true);
  });
});
