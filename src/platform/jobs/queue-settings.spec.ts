import { describe, expect, it } from '@jest/globals';
import { deduplicationId, queueNameOf } from './queue-settings.js';

describe('the names in the queues', () => {
  it('are one queue per key', () => {
    expect(queueNameOf('f3b0')).toBe('sync_f3b0');
  });

  it('tell jobs apart by name and ids, not by the order in which the ids were written', () => {
    expect(deduplicationId('refresh', { tokenId: 'a', accountId: 'b' })).toBe(deduplicationId('refresh', { accountId: 'b', tokenId: 'a' }));
    expect(deduplicationId('refresh', { tokenId: 'a' })).not.toBe(deduplicationId('refresh', { tokenId: 'b' }));
    expect(deduplicationId('refresh', { tokenId: 'a' })).not.toBe(deduplicationId('validate', { tokenId: 'a' }));
  });
});
