import { expect, test } from 'vitest';
import { jsonSyntaxProblem, MAX_NESTING } from './syntax-problem.ts';

const TOKENS = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

test.each([
  { text: 'not some json', problem: `Unrecognized token 'not': ${TOKENS}` },
  { text: '{"a": nope}', problem: `Unrecognized token 'nope': ${TOKENS}` },
  {
    text: "{'not': 'json'",
    problem: "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
  },
  {
    text: '{"a": 1, }',
    problem: "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
  },
  { text: '[1 2]', problem: "Unexpected character ('2' (code 50)): was expecting a valid JSON value" },
  { text: '{"a":', problem: 'Unexpected end-of-input: was expecting closing quote or bracket' },
  { text: '', problem: 'Unexpected end-of-input: was expecting closing quote or bracket' },
  { text: '2', problem: undefined },
  { text: 'null', problem: undefined },
])('$text', ({ text, problem }) => {
  expect(jsonSyntaxProblem(text)).toBe(problem);
});

test.each([
  {
    why: 'as deep as allowed',
    text: `${'['.repeat(MAX_NESTING)}${' '.repeat(2_000)}${']'.repeat(MAX_NESTING)}`,
    depth: undefined,
  },
  { why: 'one deeper', text: '['.repeat(MAX_NESTING + 1) + ']'.repeat(MAX_NESTING + 1), depth: 1_001 },
  {
    why: 'a hundred thousand deep',
    text: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    depth: 100_000,
  },
  { why: 'brackets inside a string', text: JSON.stringify('["{\\'.repeat(2_000)), depth: undefined },
  { why: 'wide, not deep', text: `[${'[],'.repeat(5_000)}1]`, depth: undefined },
])('$why', ({ text, depth }) => {
  const problem = depth && `Document nesting depth (${depth}) exceeds the maximum allowed (${MAX_NESTING})`;
  expect(jsonSyntaxProblem(text)).toBe(problem);
});
