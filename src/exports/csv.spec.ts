import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRecord, type Delimiter, formulaSafe } from './csv.js';

/** Reads CSV as RFC 4180 says, by the next cell and what ends it; written apart from the writer. */
function parse(csv: string, delimiter: Delimiter): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = '', end] of csv.matchAll(delimiter === ',' ? COMMAS : SEMICOLONS)) {
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== '\r\n') continue;
    records.push(record);
    record = [];
  }
  return records;
}

const COMMAS = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
const SEMICOLONS = /(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r\n)/gy;

const letters = fc.string({ unit: fc.constantFrom('a', '1', ' ', '"', "'", ',', ';', '=', '+', '-', '@', '\t', '\r', '\n', '\0', 'ł', '＝', '|') });

describe('a record of CSV', () => {
  it('is read back as it was written, whatever its cells hold', () => {
    fc.assert(
      fc.property(fc.array(fc.array(letters, { minLength: 2, maxLength: 5 }), { maxLength: 5 }), fc.constantFrom<Delimiter>(',', ';'), (rows, delimiter) => {
        expect(parse(rows.map((row) => csvRecord(row, delimiter)).join(''), delimiter)).toEqual(rows);
      }),
      { numRuns: 2_000 },
    );
  });

  it('quotes either delimiter, line breaks and blanks at an end', () => {
    expect(csvRecord(['a,b', 'a;b', 'a"b', 'a\nb', ' a', 'a', ''], ';')).toBe('"a,b";"a;b";"a""b";"a\nb";" a";a;\r\n');
  });
});

describe('a text for a spreadsheet', () => {
  it('never begins with what a spreadsheet executes, also behind blanks and quotes', () => {
    fc.assert(
      fc.property(letters, (text) => {
        const safe = formulaSafe(text);
        expect(safe).not.toMatch(/^[=+\-@\t\r\0＝]/);
        const [first = ''] = text.replaceAll(/[\s\0"']/g, '');
        expect(safe).toBe('=+-@＝'.includes(first) && first !== '' ? `'${text}` : /^[\t\r\n\0]/.test(text) ? `'${text}` : text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['=1+1', '+48 600', '-2', '@SUM(A1)', '\t=1', '\r=1', '\0=1', ' =1', '"=1', "'=1", '＝1', '＋1', '－1', '＠a'])('gets an apostrophe: %j', (text) => {
    expect(formulaSafe(text)).toBe(`'${text}`);
  });

  it.each(['', 'Łukasz', 'a=b', '12-34', "O'Neil", 'x@example.com'])('stays as it is where it is harmless: %j', (text) => {
    expect(formulaSafe(text)).toBe(text);
  });
});
