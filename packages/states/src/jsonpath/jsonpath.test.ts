import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isArray, type Json, member, parseJson } from '../json/json.ts';
import { evaluatePath } from './evaluate.ts';
import { parsePath } from './parse.ts';
import { PathSyntaxError } from './reader.ts';
import { parseReferencePath, writeAt } from './reference-path.ts';

const STORE: Json = {
  items: [{ key: 0, tag: 'a' }, { key: 1 }, { key: 2, tag: 'b' }, { key: 3 }],
  nested: { 'with space': { deep: [10, 20, 30] }, 'a.b': 'dotted' },
  'delivery-partner': 'UQS',
  nothing: null,
};

test.each<[path: string, value: Json]>([
  ['$', STORE],
  ['$.items[0]', { key: 0, tag: 'a' }],
  ['$.items[-1].key', 3],
  ['$.items[(@.length-1)].key', 3],
  ['$.delivery-partner', 'UQS'],
  ["$['nested']['with space'].deep[1]", 20],
  ["$.nested['a.b']", 'dotted'],
  ['$["nested"]["a.b"]', 'dotted'],
  ['$.nothing', null],
  ['$.items[*].key', [0, 1, 2, 3]],
  ['$.items[1:3].key', [1, 2]],
  ['$.items[:2].key', [0, 1]],
  ['$.items[-2:].key', [2, 3]],
  ['$.items[0:4:2].key', [0, 2]],
  ['$.items[0,2].key', [0, 2]],
  ["$.items[0]['key','tag']", [0, 'a']],
  ['$..tag', ['a', 'b']],
  ['$.nested..deep[0]', [10]],
  ['$.items[?(@.tag)].key', [0, 2]],
  ['$.items[?(!@.tag)].key', [1, 3]],
  ["$.items[?(@.tag == 'b')].key", [2]],
  ["$.items[?(@.tag != 'b')].key", [0, 1, 3]],
  ['$.items[?(@.key > 0 && @.key <= 2)].key', [1, 2]],
  ["$.items[?(@.key == 3 || @.tag == 'a')].key", [0, 3]],
  ['$.items[?((@.key < 1 || @.key > 2) && @.tag)].key', [0]],
  ["$.items[?(@.tag in ['a','c'])].key", [0]],
  ["$.items[?(@.tag nin ['a'])].key", [2]],
  ['$.items[?(@.tag =~ /^B$/i)].key', [2]],
  ['$.items[?(@.key == $.nested["with space"].deep[9])].key', []],
  ['$.absent[*]', []],
  ['$.absent[1:].key', []],
])('%s', (path, value) => {
  expect(evaluatePath(parsePath(path), STORE)).toEqual({ found: true, value });
});

test.each([
  ['$.absent', "No results for path: $['absent']"],
  ['$.absent.deeper', "Missing property in path $['absent']"],
  ['$.items[9]', "No results for path: $['items'][9]"],
  ['$.items[9].key', "No results for path: $['items'][9]['key']"],
  [
    '$.delivery-partner.x',
    "Expected to find an object with property ['x'] in path $['delivery-partner'] but found 'string'.",
  ],
  ['$.nothing[0]', 'Filter: [0] can only be applied to arrays. Current context is: null'],
])('%s leads nowhere', (path, reason) => {
  expect(evaluatePath(parsePath(path), STORE)).toEqual({ found: false, reason });
});

test('a backslash in a quoted name escapes its own quote only', () => {
  const value = parseJson(String.raw`{"Test\\\"\"Name\"": 1, "it's": 2}`);
  expect(evaluatePath(parsePath(String.raw`$['Test\""Name"']`), value)).toEqual({ found: true, value: 1 });
  expect(evaluatePath(parsePath(String.raw`$['it\'s']`), value)).toEqual({ found: true, value: 2 });
});

test('the context object is the root of $$', () => {
  expect(parsePath('$$.Execution.Id').root).toBe('context');
  expect(parsePath('$.Execution.Id').root).toBe('input');
});

test.each([
  '',
  'a',
  '$a',
  '$.',
  '$..',
  '$[',
  '$[a]',
  "$['a",
  '$.a[1',
  '$.a[]',
  '$.a[?(@.b',
  '$.a b',
  '$$23',
  '$.a[::-1]',
  'States.UUID()',
])('%j is no path', (source) => {
  expect(() => parsePath(source)).toThrow(PathSyntaxError);
});

test.each([
  ['$.a.b[0]', true],
  ['$', true],
  ['$.a[*]', false],
  ['$..a', false],
  ['$.a[0:1]', false],
  ['$.a[?(@.b)]', false],
  ["$['a','b']", false],
])('%s is definite: %s', (source, definite) => {
  expect(parsePath(source).definite).toBe(definite);
});

describe('reference paths', () => {
  test.each<[path: string, target: Json, result: Json | undefined]>([
    ['$', { a: 1 }, 'new'],
    ['$.b', { a: 1 }, { a: 1, b: 'new' }],
    ['$.a', { a: 1 }, { a: 'new' }],
    ['$.x.y.z', { a: 1 }, { a: 1, x: { y: { z: 'new' } } }],
    ['$.list[1]', { list: [1, 2, 3] }, { list: [1, 'new', 3] }],
    ['$.list[0].a', { list: [{ b: 1 }] }, { list: [{ b: 1, a: 'new' }] }],
    ['$.a.b', { a: 1 }, undefined],
    ['$.list[3]', { list: [1, 2, 3] }, undefined],
    ['$.a', 'text', undefined],
    ['$.a', [1], undefined],
  ])('%s into %j', (path, target, result) => {
    const parsed = parseReferencePath(path);
    expect(parsed && writeAt(parsed, target, 'new')).toEqual(result);
  });

  test.each(['$$.a', '$.a[*]', '$..a', '$.a[-1]', '$.a[0:1]', "$['a','b']"])(
    '%s names no single place',
    (path) => {
      expect(parseReferencePath(path)).toBeUndefined();
    },
  );

  test('what is written is found there, and nothing else has changed', () => {
    const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/['"\\]/.test(text));
    let blocked = 0;
    let written = 0;
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.jsonValue({ maxDepth: 4 }),
        (names, shape) => {
          const target = parseJson(JSON.stringify(shape));
          const before = JSON.stringify(target);
          const source = `$${names.map((each) => `['${each}']`).join('')}`;
          const path = parseReferencePath(source);
          const result = path && writeAt(path, target, 'mark');
          expect(JSON.stringify(target)).toBe(before);
          if (result === undefined) {
            blocked += 1;
            return;
          }
          written += 1;
          expect(evaluatePath(parsePath(source), result)).toEqual({ found: true, value: 'mark' });
          const [first = ''] = names;
          if (typeof target !== 'object' || target === null || isArray(target)) return;
          for (const [key, value] of Object.entries(target)) {
            if (key !== first) expect(member(result, key)).toEqual(value);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(blocked).toBeGreaterThan(0);
    expect(written).toBeGreaterThan(0);
  });
});
