/** Parses intrinsic function calls (`States.Format('Hi {}', $.name)`) once, when the definition is compiled. */
import type { Json } from '../json/json.ts';
import { readPath } from '../jsonpath/parse.ts';
import type { JsonPath } from '../jsonpath/path.ts';
import { type Reader, reader } from '../jsonpath/reader.ts';
import { type IntrinsicName, isIntrinsicName, SIGNATURES } from './signatures.ts';

export type Argument =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'call'; readonly call: IntrinsicCall };

export interface IntrinsicCall {
  readonly name: IntrinsicName;
  readonly args: readonly Argument[];
  /** The text of the whole call, for messages. */
  readonly source: string;
}

/** Calls nested deeper than this are refused, as AWS does. */
const MAX_DEPTH = 10;

/** @throws PathSyntaxError when `source` is no call of a known function with arguments that can fit it. */
export function parseIntrinsic(source: string): IntrinsicCall {
  const input = reader(source);
  const call = readCall(input, 1);
  if (!input.done()) input.fail('expected the end');
  return { ...call, source };
}

function readCall(input: Reader, depth: number): IntrinsicCall {
  if (depth > MAX_DEPTH) input.fail(`calls may nest ${MAX_DEPTH} deep at most, not more`);
  const name = input.match(/States\.[A-Za-z0-9]+/y) ?? '';
  if (!isIntrinsicName(name)) return input.fail('expected an intrinsic function');
  input.expect('(');
  const args = readArguments(input, depth);
  const signature = SIGNATURES[name];
  if (args.length < signature.min || args.length > signature.max)
    input.fail(`${name} got ${args.length} arguments`);
  args.forEach((argument, position) => {
    const expected = signature.types[Math.min(position, signature.types.length - 1)];
    if (argument.kind === 'literal' && expected !== undefined && !fits(argument.value, expected)) {
      input.fail(`argument ${position + 1} of ${name} must be of type ${expected}`);
    }
  });
  return { name, args, source: name };
}

function fits(value: Json, expected: string): boolean {
  return (
    expected === 'any' ||
    (expected === 'scalar' ? typeof value !== 'object' || value === null : typeof value === expected)
  );
}

function readArguments(input: Reader, depth: number): Argument[] {
  const args: Argument[] = [];
  input.skipSpace();
  if (input.take(')')) return args;
  for (;;) {
    args.push(readArgument(input, depth));
    input.skipSpace();
    if (input.take(')')) return args;
    input.expect(',');
    input.skipSpace();
  }
}

function readArgument(input: Reader, depth: number): Argument {
  const next = input.peek();
  if (next === "'") return { kind: 'literal', value: readText(input) };
  if (next === '$') return { kind: 'path', path: readPath(input) };
  if (next === 'S') return { kind: 'call', call: readCall(input, depth + 1) };
  const word = input.match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (word === undefined) return input.fail("expected a path, a call, a number or a string in '…'");
  const value: Json = JSON.parse(word);
  return { kind: 'literal', value };
}

/** Strings stand in single quotes; a backslash may escape a quote, a brace or a backslash, nothing else. */
function readText(input: Reader): string {
  const body = input.match(/'(?:[^'\\]|\\['{}\\])*'/y);
  if (body === undefined)
    return input.fail("expected a string in '…' with no escape but \\', \\{, \\} and \\\\");
  return body.slice(1, -1).replace(/\\(['\\])/g, '$1');
}
