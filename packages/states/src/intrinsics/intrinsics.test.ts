import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json/json.ts';
import { PathSyntaxError } from '../jsonpath/reader.ts';
import { FUNCTIONS, IntrinsicError } from './functions.ts';
import { parseIntrinsic } from './parse.ts';
import { seededRandom } from './random.ts';
import { type IntrinsicName, isIntrinsicName, SIGNATURES } from './signatures.ts';

const call = (name: IntrinsicName, ...args: Json[]): Json => FUNCTIONS[name](args, seededRandom('seed'));

test.each<[IntrinsicName, Json[], Json]>([
  ['States.Format', ['Hi {}, {}!', 'Ada', 3], 'Hi Ada, 3!'],
  ['States.Format', ['{} {} {}', null, true, 1.5], 'null true 1.5'],
  ['States.Format', [String.raw`\{\} {}`, 'x'], '{} x'],
  ['States.Format', ['plain'], 'plain'],
  ['States.StringToJson', ['{"a":[1]}'], { a: [1] }],
  ['States.JsonToString', [{ a: [1, 'x'] }], '{"a":[1,"x"]}'],
  ['States.Array', [], []],
  ['States.Array', [1, 'a', null], [1, 'a', null]],
  ['States.ArrayPartition', [[1, 2, 3, 4, 5], 2], [[1, 2], [3, 4], [5]]],
  ['States.ArrayPartition', [[], 3], []],
  ['States.ArrayPartition', [[1, 2, 3], 1.6], [[1, 2], [3]]],
  ['States.ArrayContains', [[1, { a: 1 }], { a: 1 }], true],
  ['States.ArrayContains', [[1, { a: 1 }], '1'], false],
  ['States.ArrayRange', [1, 9, 2], [1, 3, 5, 7, 9]],
  ['States.ArrayRange', [9, 1, -4], [9, 5, 1]],
  ['States.ArrayRange', [1, 0, 1], []],
  ['States.ArrayGetItem', [['a', 'b'], 1], 'b'],
  ['States.ArrayGetItem', [[null], 0], null],
  ['States.ArrayLength', [[1, 2, 3]], 3],
  [
    'States.ArrayUnique',
    [[1, 1, '1', { a: 1, b: 2 }, { b: 2, a: 1 }, [1], [1], null, null]],
    [1, '1', { a: 1, b: 2 }, [1], null],
  ],
  ['States.Base64Encode', ['Data to encode'], 'RGF0YSB0byBlbmNvZGU='],
  ['States.Base64Decode', ['RGF0YSB0byBlbmNvZGU='], 'Data to encode'],
  ['States.Hash', ['input data', 'SHA-1'], 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
  ['States.Hash', ['input data', 'MD5'], '812f45842bc6d66ee14572ce20db8e86'],
  ['States.JsonMerge', [{ a: { x: 1 }, b: 1 }, { a: { y: 2 } }, false], { a: { y: 2 }, b: 1 }],
  ['States.MathAdd', [1, -3], -2],
  ['States.MathAdd', [1.4, 2.6], 4],
  ['States.StringSplit', ['This.is+a,test', '.+,'], ['This', 'is', 'a', 'test']],
  ['States.StringSplit', [',,,', ','], []],
  ['States.StringSplit', ['as it is', ''], ['as it is']],
])('%s%j', (name, args, result) => {
  expect(call(name, ...args)).toEqual(result);
});

test.each<[why: string, IntrinsicName, Json[]]>([
  ['too few arguments for the template', 'States.Format', ['{} {}', 'a']],
  ['too many arguments for the template', 'States.Format', ['{}', 'a', 'b']],
  ['an object cannot be formatted', 'States.Format', ['{}', { a: 1 }]],
  ['no JSON', 'States.StringToJson', ['{']],
  ['a chunk of nothing', 'States.ArrayPartition', [[1], 0]],
  ['no array', 'States.ArrayLength', ['abc']],
  ['a step of nothing', 'States.ArrayRange', [1, 2, 0]],
  ['1,001 items', 'States.ArrayRange', [0, 1_000, 1]],
  ['past the end', 'States.ArrayGetItem', [[1], 1]],
  ['before the start', 'States.ArrayGetItem', [[1], -1]],
  ['no number', 'States.MathAdd', [1, '2']],
  ['10,001 characters', 'States.Base64Encode', ['x'.repeat(10_001)]],
  ['an unknown algorithm', 'States.Hash', ['x', 'CRC']],
  ['a name every object has', 'States.Hash', ['x', 'toString']],
  ['a deep merge', 'States.JsonMerge', [{}, {}, true]],
  ['an empty range', 'States.MathRandom', [5, 5]],
])('refuses %s', (_why, name, args) => {
  expect(() => call(name, ...args)).toThrow(IntrinsicError);
});

test('States.MathRandom stays in [start, end) and reaches both ends', () => {
  const random = seededRandom('many');
  const seen = new Set(Array.from({ length: 500 }, () => FUNCTIONS['States.MathRandom']([2, 5], random)));
  expect([...seen].sort()).toEqual([2, 3, 4]);
});

test('States.MathRandom with a seed always gives the same', () => {
  const draws = ['a', 'b'].map((seed) =>
    FUNCTIONS['States.MathRandom']([0, 1_000_000, 42], seededRandom(seed)),
  );
  expect(draws[0]).toBe(draws[1]);
});

test('States.UUID is a version 4 UUID, new each time, the same for the same seed', () => {
  const random = seededRandom('u');
  const [first, second] = [random.uuid(), random.uuid()];
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(second).not.toBe(first);
  expect(seededRandom('u').uuid()).toBe(first);
});

test('base64 there and back gives the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      expect(call('States.Base64Decode', call('States.Base64Encode', text))).toBe(text.toWellFormed());
    }),
  );
});

test('the parts of a partition are the array again', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, size) => {
      const parts = call('States.ArrayPartition', items, size);
      expect(Array.isArray(parts) && parts.flat()).toEqual(items);
      expect(Array.isArray(parts) && parts.every((part) => Array.isArray(part) && part.length <= size)).toBe(
        true,
      );
    }),
  );
});

describe('parsing', () => {
  test('nested calls, paths and literals', () => {
    const source = "States.ArrayGetItem(States.StringSplit($$.StateMachine.Name, '-'), -1)";
    expect(parseIntrinsic(source)).toMatchObject({
      name: 'States.ArrayGetItem',
      source,
      args: [
        {
          kind: 'call',
          call: {
            name: 'States.StringSplit',
            args: [
              { kind: 'path', path: { source: '$$.StateMachine.Name' } },
              { kind: 'literal', value: '-' },
            ],
          },
        },
        { kind: 'literal', value: -1 },
      ],
    });
  });

  test.each<[string, Json]>([
    [String.raw`States.JsonToString('it\'s')`, "it's"],
    [String.raw`States.JsonToString('a\\b')`, 'a\\b'],
    [String.raw`States.Format('\{\}')`, String.raw`\{\}`],
    ["States.JsonToString('a,b)')", 'a,b)'],
    ['States.JsonToString(null)', null],
    ['States.JsonToString(-2.5e3)', -2500],
  ])('%s', (source, value) => {
    expect(parseIntrinsic(source).args).toEqual([{ kind: 'literal', value }]);
  });

  test.each([
    "States.ArrayContains($.a[?(@.b == 'x,)')].c, $['k,)'])",
    'States.ArrayContains($.list[*] , $.x)',
    'States.ArrayContains($.list[(@.length-1)], $.x)',
  ])('finds the end of the paths in %s', (source) => {
    expect(parseIntrinsic(source).args.map(({ kind }) => kind)).toEqual(['path', 'path']);
  });

  test.each([
    ['an unknown function', 'States.Xyz($.a)'],
    ['a name every object has', 'States.toString()'],
    ['a leading space', " States.Array('a')"],
    ['an escape that does not exist', String.raw`States.StringToJson('{\"a\"}')`],
    ['double quotes', 'States.JsonToString("x")'],
    ['too few arguments', 'States.MathAdd(1)'],
    ['too many arguments', 'States.UUID(1)'],
    ['text for a number', "States.MathAdd(1, '-1')"],
    ['something behind', 'States.UUID() x'],
    ['no end', 'States.Array(1'],
    ['a bad path', 'States.Array($.)'],
    ['eleven levels', `${'States.Array('.repeat(11)}${')'.repeat(11)}`],
  ])('refuses %s', (_why, source) => {
    expect(() => parseIntrinsic(source)).toThrow(PathSyntaxError);
  });

  test('every function has a signature and an implementation', () => {
    expect(Object.keys(FUNCTIONS).sort()).toEqual(Object.keys(SIGNATURES).sort());
    expect(Object.keys(FUNCTIONS).every(isIntrinsicName)).toBe(true);
  });
});
