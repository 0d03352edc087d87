/**
 * Parses the JSONPath dialect of Step Functions (Jayway's), without evaluating it. A path is parsed once when
 * its definition is compiled, so that a bad path is refused at CreateStateMachine and never met at run time.
 */

import { parseFilter } from './parse-filter.ts';
import type { JsonPath, Step } from './path.ts';
import type { Reader } from './reader.ts';
import { reader } from './reader.ts';

/** @throws PathSyntaxError saying where and why `source` is no JSONPath. */
export function parsePath(source: string): JsonPath {
  const input = reader(source);
  const path = readPath(input);
  if (!input.done()) input.fail('expected ".", "[" or the end');
  return path;
}

/** Reads one path and stops behind it; intrinsic functions have paths among their arguments. */
export function readPath(input: Reader): JsonPath {
  const start = input.position();
  input.expect('$');
  const root = input.take('$') ? 'context' : 'input';
  const steps = readSteps(input);
  return { source: input.textFrom(start), root, steps, definite: steps.every(isDefinite) };
}

function isDefinite(step: Step): boolean {
  switch (step.kind) {
    case 'names':
      return step.names.length === 1;
    case 'indexes':
      return step.indexes.length === 1;
    case 'from-end':
      return true;
    default:
      return false;
  }
}

/** Reads `.a`, `['a']`, `[0]`, `..a` … until something else comes. */
function readSteps(input: Reader): readonly Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (input.take('..')) {
      steps.push({ kind: 'descend', step: input.peek() === '[' ? readBracket(input) : readDotted(input) });
    } else if (input.take('.')) {
      steps.push(readDotted(input));
    } else if (input.peek() === '[') {
      steps.push(readBracket(input));
    } else {
      return steps;
    }
  }
}

function readDotted(input: Reader): Step {
  if (input.take('*')) return { kind: 'wildcard' };
  const name = input.match(/[^.[\]()*\s,'"=!<>&|?@]+/y);
  if (name === undefined) input.fail('expected a name');
  return { kind: 'names', names: [name] };
}

function readBracket(input: Reader): Step {
  input.expect('[');
  input.skipSpace();
  const step = readSelector(input);
  input.skipSpace();
  input.expect(']');
  return step;
}

function readSelector(input: Reader): Step {
  if (input.take('*')) return { kind: 'wildcard' };
  if (input.take('?(')) {
    const filter = parseFilter(input, readSteps);
    input.expect(')');
    return { kind: 'filter', filter };
  }
  const fromEnd = input.match(/\(@\.length\s*-\s*\d+\)/y);
  if (fromEnd !== undefined) return { kind: 'from-end', offset: Number(/\d+/.exec(fromEnd)?.[0]) };
  return input.peek() === "'" || input.peek() === '"' ? readNames(input) : readIndexes(input);
}

function readNames(input: Reader): Step {
  const names = [input.quoted()];
  while (nextItem(input)) names.push(input.quoted());
  return { kind: 'names', names };
}

function nextItem(input: Reader): boolean {
  input.skipSpace();
  if (!input.take(',')) return false;
  input.skipSpace();
  return true;
}

function readIndexes(input: Reader): Step {
  const slice = input.match(/(?:-?\d+)?\s*:\s*(?:-?\d+)?(?:\s*:\s*\d+)?(?=\s*\])/y);
  if (slice !== undefined) return toSlice(slice, input);
  const indexes = [readIndex(input)];
  while (nextItem(input)) indexes.push(readIndex(input));
  return { kind: 'indexes', indexes };
}

function toSlice(text: string, input: Reader): Step {
  const [from = '', to = '', by = '1'] = text.split(':').map((part) => part.trim());
  if (Number(by) < 1) input.fail('a slice must step forward');
  return {
    kind: 'slice',
    from: from === '' ? undefined : Number(from),
    to: to === '' ? undefined : Number(to),
    by: Number(by),
  };
}

function readIndex(input: Reader): number {
  const digits = input.match(/-?\d+/y);
  if (digits === undefined) input.fail('expected an index, a slice, a quoted name, "*" or a filter');
  return Number(digits);
}
