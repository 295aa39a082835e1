import { describe, expect, it } from '@jest/globals';
import { Listeners } from './listeners.service.js';

const MOST = 100;

describe('the listeners of a tenant', () => {
  it('are a hundred in a process at most; one that leaves, or fails, makes room, and other tenants have their own', async () => {
    const listeners = new Listeners();
    const ends = Promise.withResolvers<string>();
    const open = Array.from({ length: MOST }, () => listeners.admit('a', () => ends.promise));
    const another = (tenant: string) => listeners.admit(tenant, () => Promise.resolve('heard'));
    await expect(another('a')).rejects.toMatchObject({ code: 'TOO_MANY_LISTENERS', status: 429 });
    expect(await another('b')).toBe('heard');
    ends.resolve('left');
    await Promise.all(open);
    await expect(listeners.admit('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await another('a')).toBe('heard');
  });
});
