/** Filter expressions of JSONPath: `[?(@.price < 10 && @.tags)]`. Parsing and evaluation in one small grammar. */
import { equalJson, isArray, isObject, type Json } from '../json/json.ts';
import { selectAll } from './evaluate.ts';
import type { Step } from './parse.ts';
import { readSteps } from './parse.ts';
import type { Reader } from './reader.ts';

type Operand =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly root: '@' | '$'; readonly steps: readonly Step[] };

type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'nin';

export type Filter =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'exists'; readonly operand: Operand }
  | { readonly kind: 'compare'; readonly left: Operand; readonly by: Comparator; readonly right: Operand }
  | { readonly kind: 'match'; readonly left: Operand; readonly pattern: RegExp };

export function parseFilter(input: Reader): Filter {
  return readJoined(input, '||', 'or', (inner) => readJoined(inner, '&&', 'and', readTerm));
}

function readJoined(input: Reader, by: string, kind: 'or' | 'and', read: (input: Reader) => Filter): Filter {
  const first = read(input);
  const parts = [first];
  input.skipSpace();
  while (input.take(by)) {
    parts.push(read(input));
    input.skipSpace();
  }
  return parts.length === 1 ? first : { kind, parts };
}

function readTerm(input: Reader): Filter {
  input.skipSpace();
  if (input.take('!')) return { kind: 'not', part: readTerm(input) };
  if (input.take('(')) {
    const inner = parseFilter(input);
    input.expect(')');
    return inner;
  }
  const left = readOperand(input);
  input.skipSpace();
  if (input.take('=~')) return { kind: 'match', left, pattern: readPattern(input) };
  const by = input.match(/==|!=|<=|>=|<|>|in(?=\s)|nin(?=\s)/y);
  return isComparator(by)
    ? { kind: 'compare', left, by, right: readOperand(input) }
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

function readOperand(input: Reader): Operand {
  input.skipSpace();
  if (input.take('@')) return { kind: 'path', root: '@', steps: readSteps(input) };
  if (input.take('$')) return { kind: 'path', root: '$', steps: readSteps(input) };
  if (input.peek() === "'" || input.peek() === '"') return { kind: 'literal', value: input.quoted() };
  if (input.take('[')) return { kind: 'literal', value: readList(input) };
  const word = input.match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (word === undefined) input.fail('expected a path, a number, a quoted string, true, false or null');
  const value: Json = JSON.parse(word);
  return { kind: 'literal', value };
}

function readList(input: Reader): Json {
  const items: Json[] = [];
  input.skipSpace();
  while (!input.take(']')) {
    const operand = readOperand(input);
    if (operand.kind !== 'literal') input.fail('a list holds literals only');
    items.push(operand.value);
    input.skipSpace();
    input.take(',');
    input.skipSpace();
  }
  return items;
}

/** Whether `candidate` (`@`) passes. `root` is `$`. */
export function passes(filter: Filter, candidate: Json, root: Json): boolean {
  switch (filter.kind) {
    case 'or':
      return filter.parts.some((part) => passes(part, candidate, root));
    case 'and':
      return filter.parts.every((part) => passes(part, candidate, root));
    case 'not':
      return !passes(filter.part, candidate, root);
    case 'exists':
      return valueOf(filter.operand, candidate, root) !== undefined;
    case 'match': {
      const left = valueOf(filter.left, candidate, root);
      return typeof left === 'string' && filter.pattern.test(left);
    }
    case 'compare':
      return compares(
        filter.by,
        valueOf(filter.left, candidate, root),
        valueOf(filter.right, candidate, root),
      );
  }
}

function valueOf(operand: Operand, candidate: Json, root: Json): Json | undefined {
  if (operand.kind === 'literal') return operand.value;
  return selectAll(operand.steps, operand.root === '@' ? candidate : root, root)[0];
}

function compares(by: Comparator, left: Json | undefined, right: Json | undefined): boolean {
  if (by === '!=') return !same(left, right);
  if (left === undefined || right === undefined) return false;
  switch (by) {
    case '==':
      return same(left, right);
    case 'in':
      return isArray(right) && right.some((item) => equalJson(item, left));
    case 'nin':
      return isArray(right) && !right.some((item) => equalJson(item, left));
    default:
      return ordered(by, left, right);
  }
}

function same(left: Json | undefined, right: Json | undefined): boolean {
  return left !== undefined && right !== undefined && equalJson(left, right);
}

function ordered(by: '<' | '<=' | '>' | '>=', left: Json, right: Json): boolean {
  const numbers = typeof left === 'number' && typeof right === 'number';
  const strings = typeof left === 'string' && typeof right === 'string';
  if (!numbers && !strings) return false;
  switch (by) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** Every candidate a filter looks at: the items of an array, or the object itself as Jayway does. */
export function candidates(value: Json): readonly Json[] {
  if (isArray(value)) return value;
  return isObject(value) ? [value] : [];
}
