import { describe, expect, it } from '@jest/globals';
import { reservationStep } from './name-reservation.js';

describe('linking under a name', () => {
  it('takes a free name', () => {
    expect(reservationStep(null)).toBe('create');
    expect(reservationStep({ state: 'deactivated', reserved: false })).toBe('create');
  });

  it('is refused while an active token has the name', () => {
    expect(reservationStep({ state: 'active', reserved: false })).toBe('refuse_taken');
  });

  it('is refused while another link under the name waits for consent', () => {
    expect(reservationStep({ state: 'linking', reserved: true })).toBe('refuse_in_progress');
    expect(reservationStep({ state: 'needs_reauth', reserved: true })).toBe('refuse_in_progress');
  });

  it('replaces a link that was left alone until it ran out', () => {
    expect(reservationStep({ state: 'linking', reserved: false })).toBe('replace_abandoned');
  });

  it('reconnects the token that asks for consent', () => {
    expect(reservationStep({ state: 'needs_reauth', reserved: false })).toBe('reconnect');
  });
});
