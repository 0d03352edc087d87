import { expect, test } from 'vitest';
import { tracestateOf } from './tracestate.ts';

test.each([
  { name: 'absent', headers: {}, is: undefined },
  { name: 'absent from fetch headers', headers: new Headers(), is: undefined },
  { name: 'one', headers: { tracestate: 'a=1' }, is: 'a=1' },
  { name: 'one in another case', headers: { TraceState: 'a=1' }, is: 'a=1' },
  { name: 'several, combined in order', headers: { tracestate: ['a=1', 'b=2'] }, is: 'a=1,b=2' },
  { name: 'of fetch headers', headers: new Headers([['tracestate', 'a=1']]), is: 'a=1' },
  { name: 'empty', headers: { tracestate: '' }, is: undefined },
  { name: 'too long', headers: { tracestate: `a=${'1'.repeat(1_023)}` }, is: undefined },
])('$name', ({ headers, is }) => {
  expect(tracestateOf(headers)).toBe(is);
});
