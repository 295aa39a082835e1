import { describe, expect, it } from '@jest/globals';
import { isPublicAddress } from './public-address.js';

describe('an address a name resolved to', () => {
  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['172.31.0.1'],
    ['192.168.1.1'],
    ['169.254.169.254'],
    ['0.0.0.0'],
    ['::1'],
    ['::'],
    ['fd00::1'],
    ['fe80::1'],
    ['::ffff:127.0.0.1'],
    ['::ffff:7f00:1'],
    ['255.255.255.255'],
  ])('%s is refused', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([['91.207.14.1'], ['172.32.0.1'], ['2a00:1450::1'], ['::ffff:91.207.14.1']])('%s may be Allegro', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});
