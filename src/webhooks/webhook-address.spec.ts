import { describe, expect, it } from '@jest/globals';
import { addressFlaw } from './webhook-address.js';

describe('the address of a receiver', () => {
  it.each([['https://shop.example.com/hooks?key=1'], ['https://shop.example.com:8443/'], ['https://xn--wgrzyn-6ib.example/']])('%s is taken', (url) => {
    expect(addressFlaw(url, false)).toBeNull();
  });

  it.each([
    ['https://127.0.0.1/'],
    ['https://127.1/'],
    ['https://2130706433/'],
    ['https://0x7f.1/'],
    ['https://0177.0.0.1/'],
    ['https://0.0.0.0/'],
    ['https://127.0.0.1./'],
    ['https://①②⑦.⓪.⓪.①/'],
    ['https://user@127.0.0.1/'],
    ['https://user:pass@shop.example.com/'],
    ['https://[::1]/'],
    ['https://[::]/'],
    ['https://[::ffff:127.0.0.1]/'],
    ['https://[64:ff9b::7f00:1]/'],
    ['https://[64:ff9b:1::]/'],
    ['https://[2002:7f00:1::]/'],
    ['https://[fe80::1]/'],
    ['https://[fe80::1%25eth0]/'],
    ['https://[fd00::1]/'],
    ['https://93.184.216.34/'],
    ['https://localhost/'],
    ['https://localhost./'],
    ['https://a.localhost/'],
    ['https://metadata.google.internal/computeMetadata'],
    ['https://postgres/'],
    ['https://printer.local/'],
    ['http://shop.example.com/'],
    ['ftp://shop.example.com/'],
    ['file:///etc/passwd'],
    ['gopher://shop.example.com/'],
    ['data:text/plain,x'],
    ['ws://shop.example.com/'],
    ['http://unix:/var/run/docker.sock:/'],
    ['unix:/var/run/docker.sock'],
    ['https://shop.example.com:22/'],
    ['https://shop.example.com:25/'],
    ['https://shop.example.com:5432/'],
    ['https://shop.example.com:6379/'],
    ['https://shop.example.com:0/'],
    ['https://shop.example.com:65536/'],
    ['https://shop.example.com/#part'],
    ['https://shop.example.com/\r\nHost: x'],
    ['https:// shop.example.com/'],
    ['not an address'],
    [''],
  ])('%j is refused', (url) => {
    expect(addressFlaw(url, false)).toEqual(expect.any(String));
  });

  it('may be this machine in a demonstration, by http too, and nothing else of the inner network', () => {
    expect(addressFlaw('http://127.0.0.1:3999/hooks', true)).toBeNull();
    expect(addressFlaw('http://localhost:3999/hooks', true)).toBeNull();
    for (const url of ['http://10.0.0.1/', 'http://169.254.169.254/', 'http://shop.example.com/', 'https://[fd00::1]/', 'ftp://127.0.0.1/']) {
      expect([url, addressFlaw(url, true)]).toEqual([url, expect.any(String)]);
    }
  });
});
