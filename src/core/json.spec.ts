import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, isJsonObject, type JsonObject, type JsonValue, mapMembers } from './json.js';

it.each([
  [{}, true],
  [[], false],
  [null, false],
  ['{}', false],
])('%j is an object: %s', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});

it('says equal content in equal words, whatever order the keys came in, and loses nothing', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'ł' }], a: true })).toBe('{"a":true,"b":[1,{"c":"ł","d":null}]}');
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<JsonValue>, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('changes every member of a copy, one named __proto__ too', () => {
  const given = JSON.parse('{"__proto__": 1, "a": 2}') as JsonObject;
  const changed = mapMembers(given, (key, member) => `${key}=${String(member)}`);
  expect(Object.entries(changed)).toEqual([
    ['__proto__', '__proto__=1'],
    ['a', 'a=2'],
  ]);
  expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
  expect(Object.entries(given)).toEqual([
    ['__proto__', 1],
    ['a', 2],
  ]);
});
