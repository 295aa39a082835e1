import { describe, expect, it } from '@jest/globals';
import { mayShow } from './verification-address.js';

const ALLEGRO = 'https://allegro.pl';

describe('the address a seller is sent to', () => {
  it.each([
    'https://allegro.pl/skojarz-aplikacje?code=cbt3zdu4g',
    'https://allegro.pl.allegrosandbox.pl/uzytkownik/bezpieczenstwo/skojarz-aplikacje',
    'https://accounts.allegro.pl/skojarz',
  ])('may be %s', (address) => {
    expect(mayShow(address, ALLEGRO)).toBe(true);
  });

  it.each([
    'https://allegro.pl.example.com/skojarz-aplikacje',
    'https://notallegro.pl/skojarz-aplikacje',
    'https://allegro.pl@example.com/',
    'http://allegro.pl/skojarz-aplikacje',
    'javascript:alert(1)',
    'no address',
  ])('is never %s', (address) => {
    expect(mayShow(address, ALLEGRO)).toBe(false);
  });

  it('may be any web address where the service talks to another server', () => {
    expect(mayShow('http://127.0.0.1:4000/approve?code=x', 'http://localhost:4000')).toBe(true);
    expect(mayShow('javascript:alert(1)', 'http://localhost:4000')).toBe(false);
  });
});
