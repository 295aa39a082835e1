import { describe, expect, it } from '@jest/globals';
import { fact, type Fact, type SentenceCode, SENTENCES, sentenceOf } from './fact.js';
import { type Language, LANGUAGES } from './sentence-templates.js';

const CODES = Object.keys(SENTENCES) as SentenceCode[];
const namesOf = (template: string): string[] => [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
const optionalOf = (template: string): string[][] => [...template.matchAll(/\[([^\]]*)\]/g)].map(([, part = '']) => namesOf(part));
const template = (code: SentenceCode, language: Language): string => SENTENCES[code][language];

describe('the catalogue of sentences', () => {
  it.each(LANGUAGES)('has a sentence for every code in %s, and no two codes share one', (language) => {
    const sentences = CODES.map((code) => template(code, language));
    expect(sentences.filter((sentence) => !/^\S.*\.$/.test(sentence))).toEqual([]);
    expect(new Set(sentences).size).toBe(CODES.length);
  });

  it.each(CODES)('says the same in both languages of %s: the same parameters, the same left out where they are unknown', (code) => {
    expect(namesOf(template(code, 'pl'))).toEqual(namesOf(template(code, 'en')));
    expect(optionalOf(template(code, 'pl'))).toEqual(optionalOf(template(code, 'en')));
    expect(template(code, 'pl')).not.toBe(template(code, 'en'));
  });

  it.each(LANGUAGES)('leaves no bracket and no brace in a sentence in %s, with its parameters and without', (language) => {
    for (const code of CODES) {
      const names = namesOf(template(code, 'en'));
      for (const value of ['x', null]) {
        const told: Fact = { code, at: null, version: null, parameters: Object.fromEntries(names.map((name) => [name, value])) };
        expect(sentenceOf(told, language)).not.toMatch(/[[\]{}]/);
      }
    }
  });
});

describe('a sentence', () => {
  it('begins with its instant, and leaves out what is not known', () => {
    const when = { at: new Date('2026-03-01T09:10:00.123Z'), version: 2 };
    expect(sentenceOf(fact('form_by_hand', { trace_id: 'abc' }, when), 'en')).toBe(
      '2026-03-01 09:10:00 UTC: Somebody asked for the order, and it was read from Allegro, trace id abc.',
    );
    expect(sentenceOf(fact('form_by_hand', { trace_id: null }, when), 'pl')).toBe(
      '2026-03-01 09:10:00 UTC: Ktoś poprosił o zamówienie i odczytano je z Allegro.',
    );
  });

  it('lists places, writes instants in UTC, and marks what should be there and is not', () => {
    expect(sentenceOf(fact('places_changed', { count: 2, paths: ['status', 'note'] }), 'en')).toBe('It changed 2 places: status, note.');
    const next = { interval_minutes: 5, next_run_at: new Date('2026-03-01T09:15:00Z') };
    expect(sentenceOf(fact('next_sync', next), 'en')).toBe('Next: the account is synced every 5 minutes, next at 2026-03-01 09:15:00 UTC.');
    expect(sentenceOf(fact('became_known', { status: null }), 'en')).toBe('The order became known with it, status ?.');
  });

  it('takes values as they are, braces and brackets too', () => {
    expect(sentenceOf(fact('unknown_event', { type: 'a {type} [b]' }), 'en')).toBe('Something this version cannot explain was recorded (a {type} [b]).');
  });
});
