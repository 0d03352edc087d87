import { expect, test } from 'vitest';
import { jsonSyntaxProblem } from './syntax-problem.ts';

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
