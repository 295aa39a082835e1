import { describe, expect, it } from '@jest/globals';
import { pageExcerpt } from './page-excerpt.js';

describe('the excerpt of a page', () => {
  it('is short and cannot break a log line', () => {
    const excerpt = pageExcerpt(`<html>\n\u001b[31m\u202e${'x '.repeat(900)}`);
    expect(excerpt.startsWith('<html>\\u{a}\\u{1b}[31m\\u{202e}')).toBe(true);
    expect(excerpt.length).toBeLessThan(250);
    expect(excerpt).toMatch(/^[\x20-\x7e]*$/);
  });

  it('shows no token, address or telephone number', () => {
    const excerpt = pageExcerpt('Hello anna+x@example.com, 600 700 800, eyJhbGciOiJSUzI1NiJ9.eyJ1c2VyX25hbWUiOiIxMjM0In0.sig bye');
    expect(excerpt).toBe('Hello [masked], [masked], [masked] bye');
  });
});
