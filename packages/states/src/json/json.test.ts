import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalJson, type Json, member, parseJson, typeName } from './json.ts';

test.each<[string, Json, Json, boolean]>([
  ['members in another order', { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ['items in another order', [1, 2], [2, 1], false],
  ['a member more', { a: 1 }, { a: 1, b: null }, false],
  ['an absent member is not null', { a: null }, { b: null }, false],
  ['array and object', [], {}, false],
  ['null and false', null, false, false],
  ['number and text', 1, '1', false],
])('equality: %s', (_why, a, b, equal) => {
  expect(equalJson(a, b)).toBe(equal);
  expect(equalJson(b, a)).toBe(equal);
});

test('a copy is equal, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(equalJson(parseJson(text), parseJson(text))).toBe(true);
    }),
  );
});

test.each<[string, Json | undefined, string, Json | undefined]>([
  ['own member', { a: 1 }, 'a', 1],
  ['inherited member', {}, 'toString', undefined],
  ['a member named __proto__', parseJson('{"__proto__":{"a":1}}'), '__proto__', { a: 1 }],
  ['of an array', ['x'], '0', undefined],
  ['of nothing', undefined, 'a', undefined],
])('member: %s', (_why, value, key, found) => {
  expect(member(value, key)).toEqual(found);
});

test.each<[Json, string]>([
  [null, 'null'],
  [[], 'array'],
  [{}, 'object'],
  [1, 'number'],
])('type of %j is %s', (value, name) => {
  expect(typeName(value)).toBe(name);
});
