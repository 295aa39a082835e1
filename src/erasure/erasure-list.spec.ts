import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type ListEntry, listLine, readLine } from './erasure-list.js';

const sign = (text: string) => createHmac('sha256', 'pepper').update(text).digest('hex');
const entry: ListEntry = {
  erasure: 'e-1',
  account: '7',
  tenant: 'shop',
  seller: 'ab12',
  until: '2026-03-01T00:00:00.000Z',
  by: 'olga',
  reason: 'ticket 12',
  references: ['00ff'],
  orders: [],
};

describe('a line of the erasure list', () => {
  it('is read back as it was written', () => {
    const line = listLine(entry, sign);
    expect(line.endsWith('\n')).toBe(true);
    expect(readLine(line.trim(), sign)).toEqual({ kind: 'entry', entry });
  });

  it('that was cut short is known as torn, wherever it was cut', () => {
    const line = listLine(entry, sign).trim();
    for (let length = 0; length < line.length; length += 1) expect(readLine(line.slice(0, length), sign)).toEqual({ kind: 'torn' });
  });

  it('that somebody changed or wrote is refused', () => {
    const line = listLine(entry, sign).trim();
    for (const forged of [line.replace('"7"', '"8"'), line.replace('00ff', '00fe'), '{}', '{"erasure":"e-1","mac":"x"}']) {
      expect(readLine(forged, sign)).toEqual({ kind: 'forged' });
    }
    expect(readLine(line, (text) => sign(`${text}.`))).toEqual({ kind: 'forged' });
  });
});
