import { describe, expect, it } from '@jest/globals';
import { MalformedAnswer } from './malformed-answer.errors.js';
import { deviceRefusal, readDeviceCode, readTokens, refreshRefusal } from './oauth-answers.js';

const TOKENS = { access_token: 'a.b.c', refresh_token: 'r.e.f', expires_in: 43199, scope: 'x y' };
const DEVICE = { device_code: 'd', user_code: 'abcdefghi', verification_uri: 'https://allegro.pl/x', expires_in: 3600, interval: 5 };

describe('a token answer', () => {
  it('is read whole, with the tokens as secrets', () => {
    const { pair, lifetimeAssumed } = readTokens(TOKENS);
    expect([pair.accessToken.reveal(), pair.refreshToken.reveal(), pair.expiresInSeconds, pair.scope]).toEqual(['a.b.c', 'r.e.f', 43199, 'x y']);
    expect(lifetimeAssumed).toBe(false);
    expect(JSON.stringify(pair)).not.toContain('a.b.c');
  });

  it.each([[{ refresh_token: null }], [{ refresh_token: '' }], [{ access_token: undefined as never }], [{ access_token: 5 }]])(
    'with %j is refused: half a pair never replaces a whole one',
    (change) => {
      expect(() => readTokens({ ...TOKENS, ...change })).toThrow(MalformedAnswer);
    },
  );

  it.each([[null], [[]], ['x']])('%j is refused', (body) => {
    expect(() => readTokens(body)).toThrow(MalformedAnswer);
  });

  it('takes the lifetime as a string too', () => {
    expect(readTokens({ ...TOKENS, expires_in: '3600' }).pair.expiresInSeconds).toBe(3600);
  });

  it.each([[0], [-5], ['soon'], [null], [undefined as never], [[]]])(
    'with expires_in %j keeps the pair, assumes 12 hours and asks for an alert',
    (expiresIn) => {
      const { pair, lifetimeAssumed } = readTokens({ ...TOKENS, expires_in: expiresIn });
      expect([pair.expiresInSeconds, lifetimeAssumed]).toEqual([43199, true]);
    },
  );

  it('never believes a lifetime of years', () => {
    expect(readTokens({ ...TOKENS, expires_in: 1e12 }).pair.expiresInSeconds).toBe(92 * 86_400);
  });

  it('needs no scope', () => {
    expect(readTokens({ ...TOKENS, scope: null }).pair.scope).toBe('');
  });
});

describe('a device answer', () => {
  it('is the same with numbers as strings', () => {
    const asStrings = readDeviceCode({ ...DEVICE, expires_in: '3600', interval: ' 5 ' });
    expect(JSON.stringify(asStrings)).toBe(JSON.stringify(readDeviceCode(DEVICE)));
    expect([asStrings.expiresInSeconds, asStrings.intervalSeconds]).toEqual([3600, 5]);
  });

  it.each([[null], ['often'], [-1], [0]])('with the interval %j is polled every 5 seconds', (interval) => {
    expect(readDeviceCode({ ...DEVICE, interval }).intervalSeconds).toBe(5);
  });

  it('never waits longer than a minute between polls', () => {
    expect(readDeviceCode({ ...DEVICE, interval: 1e9 }).intervalSeconds).toBe(60);
  });

  it('shows the plain address where the complete one is missing', () => {
    expect(readDeviceCode(DEVICE).verificationUriComplete).toBe('https://allegro.pl/x');
    expect(readDeviceCode({ ...DEVICE, verification_uri_complete: 'https://allegro.pl/x?code=1' }).verificationUriComplete).toContain('code=1');
  });

  it('is refused without its code', () => {
    expect(() => readDeviceCode({ ...DEVICE, device_code: '' })).toThrow(MalformedAnswer);
  });
});

describe('a refused poll', () => {
  it.each([
    ['authorization_pending', 'pending'],
    ['slow_down', 'slow_down'],
    ['access_denied', 'denied'],
    ['Invalid device code', 'invalid'],
    ['invalid_request', 'invalid'],
    ['expired_token', 'invalid'],
    ['anything_new', 'invalid'],
    ['server_error', null],
    ['temporarily_unavailable', null],
  ])('%s means %s', (code, outcome) => {
    expect(deviceRefusal([code])).toBe(outcome);
  });

  it('without a code means nothing', () => {
    expect(deviceRefusal([])).toBeNull();
  });
});

describe('a refused refresh', () => {
  it('needs consent again only for the refresh token itself', () => {
    expect(refreshRefusal(400, ['invalid_grant'])).toBe('invalid_grant');
    expect(refreshRefusal(401, ['invalid_token'])).toBe('invalid_token');
    expect(refreshRefusal(401, ['Unauthorized'])).toBe('unauthorized');
  });

  it.each([
    [400, ['unauthorized']],
    [500, ['invalid_grant']],
    [403, ['invalid_token']],
    [401, ['unauthorized', 'bad_client_credentials']],
    [401, ['invalid_client']],
    [400, ['invalid_request']],
    [401, []],
    [null, []],
  ])('%j %j is not the end of a token', (status, codes) => {
    expect(refreshRefusal(status, codes)).toBeNull();
  });
});
