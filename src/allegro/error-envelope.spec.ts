import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../core/json.js';
import { readErrorEnvelope } from './error-envelope.js';

describe('an error body', () => {
  it('gives up its codes and nothing else', () => {
    const body: JsonValue = { errors: [{ code: 'AccessDenied', message: 'no', userMessage: null }, { code: 'B' }, {}, null, { code: null }] };
    expect(readErrorEnvelope(body)).toEqual({ codes: ['AccessDenied', 'B'], captcha: false });
  });

  it('gives the code of an OAuth error and never its description, which echoes the refresh token', () => {
    const body = { error: 'invalid_grant', error_description: 'Invalid refresh token: eyJhbGciOi.secret' };
    expect(JSON.stringify(readErrorEnvelope(body))).toBe('{"codes":["invalid_grant"],"captcha":false}');
  });

  it('drops a code that looks like something else', () => {
    expect(readErrorEnvelope({ error: 'x'.repeat(65) })).toEqual({ codes: [], captcha: false });
    expect(readErrorEnvelope({ errors: [{ code: 'anna@example.com' }] })).toEqual({ codes: [], captcha: false });
  });

  it('marks a refusal of the application itself', () => {
    const body = { error: 'unauthorized', error_description: 'Bad client credentials' };
    expect(readErrorEnvelope(body)?.codes).toEqual(['unauthorized', 'bad_client_credentials']);
  });

  it('knows a captcha page', () => {
    expect(readErrorEnvelope({ url: 'https://geo.captcha-delivery.com/captcha/?x=1' })).toEqual({ codes: [], captcha: true });
  });

  it.each([[null], [[]], ['text'], [{}], [{ error: 5 }], [undefined]])('%j is no envelope', (body) => {
    expect(readErrorEnvelope(body)).toBeNull();
  });

  it('keeps at most ten codes', () => {
    expect(readErrorEnvelope({ errors: Array(500).fill({ code: 'A' }) })?.codes).toHaveLength(10);
  });
});
