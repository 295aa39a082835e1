import { describe, expect, it } from '@jest/globals';
import { compactNumber, foldText } from './fold-text.js';

describe('searched text', () => {
  it.each([
    ['Łukasz', 'lukasz'],
    ['ZAŻÓŁĆ GĘŚLĄ JAŹŃ', 'zazolc gesla jazn'],
    ['Jiří  Dvořák', 'jiri dvorak'],
    ['Straße', 'strasse'],
    [' a\tb\0c ', 'a b c'],
    ['Łukasz'.normalize('NFD'), 'lukasz'],
  ])('folds %j', (text, folded) => {
    expect(foldText(text)).toBe(folded);
    expect(foldText(folded)).toBe(folded);
  });

  it.each([
    ['+48 600 700 800', '600700800'],
    ['0048600700800', '600700800'],
    ['(600) 700-800', '600700800'],
    ['(+48) 002226074', '002226074'],
    ['tel. 002226074', '002226074'],
    ['tel: +48 002 226 074', '002226074'],
    ['pl 000-411-43-28', '0004114328'],
    ['pl0004114328', '0004114328'],
    ['nip: pl 000 411 43 28', '0004114328'],
    ['00420 123 456 789', '420123456789'],
    ['+420 123456789', '420123456789'],
    ['xx0004114328', null],
    ['600-700-800', '600700800'],
    ['526-10-40-828', '5261040828'],
    ['12345', null],
    ['sku-1234567', null],
  ])('reads the number %j', (text, number) => {
    expect(compactNumber(text)).toBe(number);
  });
});
