/** What each intrinsic function does with its argument values. Bounds are those of the AWS documentation. */
import { createHash } from 'node:crypto';
import { HoldfastError } from '@holdfast/core';
import { equalJson, isArray, isObject, type Json, type JsonObject, parseJson } from '../json/json.ts';
import { type Random, seededRandom } from './random.ts';
import type { IntrinsicName } from './signatures.ts';

/** `HF_INTRINSIC_FAILED`: raised when the arguments do not fit; the interpreter turns it into States.IntrinsicFailure. */
export class IntrinsicError extends HoldfastError {
  readonly code = 'HF_INTRINSIC_FAILED';
  readonly retryable = false;
}

type Implementation = (args: readonly Json[], random: Random) => Json;

const MAX_TEXT_LENGTH = 10_000;
const MAX_RANGE_ITEMS = 1_000;
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

export const FUNCTIONS: Readonly<Record<IntrinsicName, Implementation>> = {
  'States.Format': (args) => format(text(args, 0), args.slice(1)),
  'States.StringToJson': (args) => stringToJson(text(args, 0)),
  'States.JsonToString': (args) => JSON.stringify(args[0] ?? null),
  'States.Array': (args) => args,
  'States.ArrayPartition': (args) => partition(list(args, 0), integer(args, 1)),
  'States.ArrayContains': (args) => list(args, 0).some((item) => equalJson(item, args[1] ?? null)),
  'States.ArrayRange': (args) => range(integer(args, 0), integer(args, 1), integer(args, 2)),
  'States.ArrayGetItem': (args) => itemAt(list(args, 0), integer(args, 1)),
  'States.ArrayLength': (args) => list(args, 0).length,
  'States.ArrayUnique': (args) => unique(list(args, 0)),
  'States.Base64Encode': (args) => Buffer.from(bounded(text(args, 0)), 'utf8').toString('base64'),
  'States.Base64Decode': (args) => Buffer.from(bounded(text(args, 0)), 'base64').toString('utf8'),
  'States.Hash': (args) => digest(bounded(text(args, 0)), text(args, 1)),
  'States.JsonMerge': (args) => merge(object(args, 0), object(args, 1), args[2] ?? null),
  'States.MathRandom': (args, random) => between(args, random),
  'States.MathAdd': (args) => integer(args, 0) + integer(args, 1),
  'States.StringSplit': (args) => split(text(args, 0), text(args, 1)),
  'States.UUID': (_args, random) => random.uuid(),
};

function format(template: string, values: readonly Json[]): string {
  const parts = template.split(/(?<!\\)\{\}/);
  if (parts.length - 1 !== values.length) {
    throw new IntrinsicError(
      `number of arguments do not match the occurrences of {} (${parts.length - 1} {}, ${values.length} arguments)`,
    );
  }
  const unescaped = (part: string): string => part.replace(/\\([{}])/g, '$1');
  return parts
    .map((part, i) => (i === 0 ? unescaped(part) : printed(values[i - 1] ?? null) + unescaped(part)))
    .join('');
}

function printed(value: Json): string {
  if (typeof value === 'object' && value !== null)
    throw new IntrinsicError('arrays and objects cannot be formatted');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function stringToJson(value: string): Json {
  try {
    return parseJson(value);
  } catch {
    throw new IntrinsicError('the argument is not valid JSON');
  }
}

function partition(items: readonly Json[], size: number): Json {
  if (size < 1) throw new IntrinsicError(`chunk size must be a positive integer, not ${size}`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

function range(first: number, last: number, step: number): Json {
  if (step === 0) throw new IntrinsicError('the increment must not be 0');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > MAX_RANGE_ITEMS)
    throw new IntrinsicError(`the range holds ${count} items; ${MAX_RANGE_ITEMS} is the most`);
  return Array.from({ length: count }, (_, i) => first + i * step);
}

function itemAt(items: readonly Json[], index: number): Json {
  const item = index < 0 ? undefined : items[index];
  if (item === undefined)
    throw new IntrinsicError(`index ${index} is outside the array of ${items.length} items`);
  return item;
}

/** Keeps the first of equal items. Compared by canonical text, so that a long list costs one pass. */
function unique(items: readonly Json[]): Json {
  const seen = new Map<string, Json>();
  for (const item of items) {
    const key = canonical(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, inner: Json) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

function digest(value: string, algorithm: string): string {
  const name = Object.hasOwn(HASHES, algorithm) ? HASHES[algorithm] : undefined;
  if (name === undefined)
    throw new IntrinsicError(`"${algorithm}" is none of ${Object.keys(HASHES).join(', ')}`);
  return createHash(name).update(value, 'utf8').digest('hex');
}

function merge(first: JsonObject, second: JsonObject, deep: Json): Json {
  if (deep !== false)
    throw new IntrinsicError('only the shallow merge is defined: the third argument must be false');
  return { ...first, ...second };
}

function between(args: readonly Json[], random: Random): number {
  const [start, end] = [integer(args, 0), integer(args, 1)];
  if (end <= start) throw new IntrinsicError(`the end (${end}) must be greater than the start (${start})`);
  const source = args.length > 2 ? seededRandom(String(integer(args, 2))) : random;
  return start + Math.floor(source.next() * (end - start));
}

/** Every character of `separators` separates; empty pieces are dropped. */
function split(value: string, separators: string): Json {
  if (separators === '') return [value];
  const pieces: string[] = [''];
  for (const character of value) {
    if (separators.includes(character)) pieces.push('');
    else pieces[pieces.length - 1] += character;
  }
  return pieces.filter((piece) => piece !== '');
}

function bounded(value: string): string {
  if (value.length > MAX_TEXT_LENGTH)
    throw new IntrinsicError(`the text is longer than ${MAX_TEXT_LENGTH} characters`);
  return value;
}

function text(args: readonly Json[], position: number): string {
  const value = args[position];
  if (typeof value !== 'string') throw mismatch(position, 'a string');
  return value;
}

/** A number; a fraction is rounded to the nearest integer, as the documentation of each function says. */
function integer(args: readonly Json[], position: number): number {
  const value = args[position];
  if (typeof value !== 'number') throw mismatch(position, 'a number');
  return Math.round(value);
}

function list(args: readonly Json[], position: number): readonly Json[] {
  const value = args[position];
  if (!isArray(value)) throw mismatch(position, 'an array');
  return value;
}

function object(args: readonly Json[], position: number): JsonObject {
  const value = args[position];
  if (!isObject(value)) throw mismatch(position, 'an object');
  return value;
}

function mismatch(position: number, expected: string): IntrinsicError {
  return new IntrinsicError(`argument ${position + 1} must be ${expected}`);
}
