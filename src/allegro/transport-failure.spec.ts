import { describe, expect, it } from '@jest/globals';
import { bodyFailure, transportFailure } from './transport-failure.js';

describe('a failed connection', () => {
  it.each([['ECONNRESET'], ['ECONNREFUSED'], ['EAI_AGAIN']])('%s may be tried again at once', (code) => {
    expect(transportFailure(code)).toMatchObject({ retriable: true, failure: { kind: 'unavailable', blame: 'allegro' } });
  });

  it.each([['ETIMEDOUT'], ['ECONNECTTIMEOUT'], ['ENOTFOUND'], ['HPE_INVALID_STATUS'], [undefined], ['what now']])(
    '%s is an outage and not tried again at once',
    (code) => {
      expect(transportFailure(code)).toMatchObject({ retriable: false, failure: { kind: 'unavailable' } });
    },
  );

  it.each([['CERT_HAS_EXPIRED'], ['DEPTH_ZERO_SELF_SIGNED_CERT'], ['ERR_TLS_CERT_ALTNAME_INVALID'], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE']])(
    '%s is refused under a code of its own',
    (code) => {
      expect(transportFailure(code).failure.code).toBe('ALLEGRO_TLS_REFUSED');
    },
  );

  it("an abort is the caller's", () => {
    expect(transportFailure('ERR_CANCELED').failure).toMatchObject({ kind: 'cancelled', blame: 'caller' });
  });

  it('never repeats what is not a code', () => {
    expect(transportFailure('Bearer abc').failure.detail).not.toContain('abc');
  });
});

describe('a body that cannot be read', () => {
  it('is tried again when cut, not when too large or wrongly encoded', () => {
    expect([bodyFailure('cut').retriable, bodyFailure('too-large').retriable, bodyFailure('encoding').retriable]).toEqual([true, false, false]);
    expect(bodyFailure('too-large').failure).toMatchObject({ kind: 'malformed', code: 'ALLEGRO_ANSWER_TOO_LARGE', blame: 'order' });
  });
});
