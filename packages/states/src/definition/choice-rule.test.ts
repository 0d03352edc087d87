import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../json/json.ts';
import { holds, MissingVariableError, type Rule, wildcardPattern } from './choice-rule.ts';
import { compileChoices } from './compile-choices.ts';
import { fieldsOf } from './fields.ts';
import { problemList } from './problem.ts';

function ruleOf(source: JsonObject): Rule {
  const problems = problemList();
  const [choice] = compileChoices(fieldsOf({ Choices: [{ ...source, Next: 'N' }] }, '/', problems));
  expect(problems.list).toEqual([]);
  if (choice === undefined) throw new Error('the rule compiles');
  return choice.rule;
}

const decide = (rule: JsonObject, input: Json): boolean =>
  holds(ruleOf(rule), { input, context: () => ({ Name: 'ctx' }) });

const NOON = '2016-03-14T12:00:00Z';
const LATER = '2016-03-14T12:00:00.000000001Z';

test.each<[rule: JsonObject, value: Json, holds: boolean]>([
  [{ StringEquals: 'a' }, 'a', true],
  [{ StringEquals: '1' }, 1, false],
  [{ StringLessThan: 'b' }, 'a', true],
  [{ StringLessThan: 'a' }, 'a', false],
  [{ StringLessThanEquals: 'a' }, 'a', true],
  [{ StringGreaterThan: 'A ' }, 'A', false],
  [{ StringGreaterThan: 'a' }, 'b', true],
  [{ StringGreaterThanEquals: 'b' }, 'b', true],
  [{ StringMatches: 'log-*.txt' }, 'log-2016.txt', true],
  [{ StringMatches: 'log-*.txt' }, 'log-2016.txtx', false],
  [{ StringMatches: 'a.c' }, 'abc', false],
  [{ StringMatches: String.raw`\*\\*` }, String.raw`*\rest`, true],
  [{ StringMatches: '*' }, 'two\nlines', true],
  [{ StringMatches: '*' }, 1, false],
  [{ NumericEquals: 1 }, 1.0, true],
  [{ NumericEquals: 0 }, null, false],
  [{ NumericEquals: 0 }, false, false],
  [{ NumericEquals: 1 }, '1', false],
  [{ NumericLessThan: 1 }, 0.5, true],
  [{ NumericGreaterThan: -1 }, 0, true],
  [{ NumericGreaterThanEquals: 2 }, 1, false],
  [{ NumericLessThanEquals: 2 }, 2, true],
  [{ BooleanEquals: true }, true, true],
  [{ BooleanEquals: false }, null, false],
  [{ TimestampEquals: NOON }, '2016-03-14T14:00:00+02:00', true],
  [{ TimestampLessThan: LATER }, NOON, true],
  [{ TimestampGreaterThan: NOON }, LATER, true],
  [{ TimestampGreaterThanEquals: LATER }, NOON, false],
  [{ TimestampLessThanEquals: NOON }, NOON, true],
  [{ TimestampEquals: NOON }, 'noon', false],
  [{ IsNull: true }, null, true],
  [{ IsNull: false }, 0, true],
  [{ IsNumeric: true }, 0, true],
  [{ IsNumeric: true }, '0', false],
  [{ IsString: true }, '', true],
  [{ IsBoolean: true }, false, true],
  [{ IsTimestamp: true }, NOON, true],
  [{ IsTimestamp: true }, '2016-03-14', false],
  [{ IsTimestamp: false }, 7, true],
  [{ IsPresent: true }, null, true],
  [{ IsPresent: false }, null, false],
])('%j of %j: %s', (rule, value, expected) => {
  expect(decide({ Variable: '$.v', ...rule }, { v: value })).toBe(expected);
});

describe('paths', () => {
  test.each<[why: string, rule: JsonObject, input: Json, holds: boolean]>([
    ['another place of the input', { Variable: '$.a', NumericLessThanPath: '$.b' }, { a: 1, b: 2 }, true],
    ['the context object', { Variable: '$$.Name', StringEquals: 'ctx' }, {}, true],
    ['the context object on the right', { Variable: '$.a', StringEqualsPath: '$$.Name' }, { a: 'ctx' }, true],
    ['presence of what is absent', { Variable: '$.a', IsPresent: true }, {}, false],
    ['absence', { Variable: '$.a.b', IsPresent: false }, { a: {} }, true],
    ['presence of any of many', { Variable: '$.list[*].x', IsPresent: true }, { list: [{}] }, false],
    ['a place of the other type', { Variable: '$.a', NumericEqualsPath: '$.b' }, { a: 1, b: '1' }, false],
  ])('%s', (_why, rule, input, expected) => {
    expect(decide(rule, input)).toBe(expected);
  });

  test.each<[JsonObject, string]>([
    [{ Variable: '$.absent', IsString: true }, '$.absent'],
    [{ Variable: '$.a', NumericEqualsPath: '$.absent' }, '$.absent'],
  ])('%j needs what is not there', (rule, path) => {
    expect(() => decide(rule, { a: 1 })).toThrow(MissingVariableError);
    expect(() => decide(rule, { a: 1 })).toThrow(`Invalid path '${path}'`);
  });
});

describe('And, Or, Not', () => {
  const yes = { Variable: '$', IsNull: false };
  const no = { Variable: '$', IsNull: true };
  test.each<[JsonObject, boolean]>([
    [{ And: [yes, yes] }, true],
    [{ And: [yes, no] }, false],
    [{ Or: [no, yes] }, true],
    [{ Or: [no, no] }, false],
    [{ Not: no }, true],
    [{ Not: { And: [yes, { Or: [no, { Not: no }] }] } }, false],
  ])('%j', (rule, expected) => {
    expect(decide(rule, {})).toBe(expected);
  });

  test('And stops at the first that does not hold', () => {
    const absent = { Variable: '$.absent', IsNull: true };
    expect(decide({ And: [{ Variable: '$.absent', IsPresent: true }, absent] }, {})).toBe(false);
  });
});

test.each(['.', '+', '?', '(', '[', '{', '^', '$', '|'])('%s is no wildcard', (character) => {
  expect(wildcardPattern(`a${character}`).test(`a${character}`)).toBe(true);
  expect(wildcardPattern(`a${character}`).test('ab')).toBe(false);
});
