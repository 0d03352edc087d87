/** Parses the filter expressions of JSONPath. The grammar of paths nests inside, so its reader is passed in. */
import type { Json } from '../json/json.ts';
import type { Comparator, Filter, Operand, Step } from './path.ts';
import type { Reader } from './reader.ts';

type ReadSteps = (input: Reader) => readonly Step[];

export function parseFilter(input: Reader, readSteps: ReadSteps): Filter {
  const readAnd = (): Filter => readJoined(input, '&&', 'and', () => readTerm(input, readSteps));
  return readJoined(input, '||', 'or', readAnd);
}

function readJoined(input: Reader, by: string, kind: 'or' | 'and', read: () => Filter): Filter {
  const first = read();
  const parts = [first];
  input.skipSpace();
  while (input.take(by)) {
    parts.push(read());
    input.skipSpace();
  }
  return parts.length === 1 ? first : { kind, parts };
}

function readTerm(input: Reader, readSteps: ReadSteps): Filter {
  input.skipSpace();
  if (input.take('!')) return { kind: 'not', part: readTerm(input, readSteps) };
  if (input.take('(')) {
    const inner = parseFilter(input, readSteps);
    input.expect(')');
    return inner;
  }
  const left = readOperand(input, readSteps);
  input.skipSpace();
  if (input.take('=~')) return { kind: 'match', left, pattern: readPattern(input) };
  const by = input.match(/==|!=|<=|>=|<|>|in(?=\s)|nin(?=\s)/y);
  return isComparator(by)
    ? { kind: 'compare', left, by, right: readOperand(input, readSteps) }
    : { kind: 'exists', operand: left };
}

const COMPARATORS: readonly string[] = ['==', '!=', '<', '<=', '>', '>=', 'in', 'nin'] satisfies Comparator[];

function isComparator(text: string | undefined): text is Comparator {
  return text !== undefined && COMPARATORS.includes(text);
}

function readPattern(input: Reader): RegExp {
  input.skipSpace();
  const text = input.match(/\/(?:[^/\\]|\\.)+\/i?/y);
  if (text === undefined) input.fail('expected /pattern/');
  const end = text.lastIndexOf('/');
  try {
    return new RegExp(text.slice(1, end), text.slice(end + 1));
  } catch {
    return input.fail('expected a valid regular expression');
  }
}

function readOperand(input: Reader, readSteps: ReadSteps): Operand {
  input.skipSpace();
  if (input.take('@')) return { kind: 'path', root: '@', steps: readSteps(input) };
  if (input.take('$')) return { kind: 'path', root: '$', steps: readSteps(input) };
  if (input.peek() === "'" || input.peek() === '"') return { kind: 'literal', value: input.quoted() };
  if (input.take('[')) return { kind: 'literal', value: readList(input, readSteps) };
  const word = input.match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (word === undefined) input.fail('expected a path, a number, a quoted string, true, false or null');
  const value: Json = JSON.parse(word);
  return { kind: 'literal', value };
}

function readList(input: Reader, readSteps: ReadSteps): Json {
  const items: Json[] = [];
  input.skipSpace();
  while (!input.take(']')) {
    const operand = readOperand(input, readSteps);
    if (operand.kind !== 'literal') input.fail('a list holds literals only');
    items.push(operand.value);
    input.skipSpace();
    input.take(',');
    input.skipSpace();
  }
  return items;
}
