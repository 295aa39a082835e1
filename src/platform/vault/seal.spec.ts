import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../core/secret.js';
import { type MasterKeys, open, seal, sealedUnder } from './seal.js';

const key = (fill: number) => new Secret(Buffer.alloc(32, fill).toString('base64'));
const ring = (currentId: string, ...ids: string[]): MasterKeys => ({ currentId, keys: new Map(ids.map((id) => [id, key(id.charCodeAt(0))])) });

describe('sealing under a master key', () => {
  it('opens what was sealed, for the same owner', () => {
    expect(open(ring('a', 'a'), seal(ring('a', 'a'), 'plain', 'token:1'), 'token:1').toString()).toBe('plain');
  });

  it('refuses to open for another owner, so that a value cannot be moved to another row', () => {
    expect(() => open(ring('a', 'a'), seal(ring('a', 'a'), 'plain', 'token:1'), 'token:2')).toThrow();
  });

  it('refuses bytes of which one was changed', () => {
    const sealed = seal(ring('a', 'a'), 'plain', 'x');
    sealed[sealed.length - 1] = (sealed[sealed.length - 1] ?? 0) ^ 1;
    expect(() => open(ring('a', 'a'), sealed, 'x')).toThrow();
  });

  it('opens under an older key of the ring after the current one was changed', () => {
    const sealed = seal(ring('a', 'a'), 'plain', 'x');
    expect(sealedUnder(sealed)).toBe('a');
    expect(open(ring('b', 'b', 'a'), sealed, 'x').toString()).toBe('plain');
  });

  it('names the key that is not configured', () => {
    expect(() => open(ring('b', 'b'), seal(ring('a', 'a'), 'plain', 'x'), 'x')).toThrow('"a"');
  });

  it('refuses bytes that were never sealed', () => {
    expect(() => sealedUnder(Buffer.from('nothing'))).toThrow('not sealed');
    expect(() => sealedUnder(Buffer.from([]))).toThrow('not sealed');
  });

  it('gives two ciphertexts for the same value', () => {
    expect(seal(ring('a', 'a'), 'plain', 'x').equals(seal(ring('a', 'a'), 'plain', 'x'))).toBe(false);
  });
});
