import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readCursor, writeCursor } from './signed-cursor.js';

const sign = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest();

describe('a signed cursor', () => {
  it('comes back as it was written', () => {
    const cursor = writeCursor(['bought', '2026-03-01', '7'], sign('a'));
    expect(cursor).toMatch(/^[\w-]+\.[\w-]{16}$/);
    expect(readCursor(cursor, sign('a'))).toEqual(['bought', '2026-03-01', '7']);
  });

  it('is refused when it was changed, cut, or written for something else', () => {
    const cursor = writeCursor([1], sign('a'));
    const [text = '', signature = ''] = cursor.split('.');
    const forged = Buffer.from('[2]').toString('base64url');
    for (const wrong of [`${forged}.${signature}`, `${cursor}=`, text, `${text}.`, `${cursor}.x`, '', '.', `${text}.${signature.slice(0, 8)}`])
      expect(readCursor(wrong, sign('a'))).toBeUndefined();
    expect(readCursor(cursor, sign('b'))).toBeUndefined();
  });
});
