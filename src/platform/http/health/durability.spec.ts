import { describe, expect, it } from '@jest/globals';
import { undurable } from './durability.js';

const server = (changes: Readonly<Record<string, string>> = {}) =>
  Object.entries({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', ...changes }).map(([name, value]) => ({ name, value }));

describe('a database is durable', () => {
  it.each(['on', 'local', 'remote_write', 'remote_apply'])('when a commit waits for the disk: synchronous_commit=%s', (value) => {
    expect(undurable(server({ synchronous_commit: value }))).toEqual([]);
  });

  it('only when nothing of it is off', () => {
    expect(undurable(server({ fsync: 'off', full_page_writes: 'off' }))).toEqual(['fsync=off', 'full_page_writes=off']);
    expect(undurable(server({ synchronous_commit: 'off' }))).toEqual(['synchronous_commit=off']);
  });
});
