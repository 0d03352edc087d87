/** Compiles Retry and Catch, the two lists that say what happens after an error. */
import { isObject, type Json } from '../json/json.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Catcher, Retrier } from './program.ts';

/** Defaults of States Language for a retrier that says nothing else. */
const DEFAULTS = { intervalSeconds: 1, maxAttempts: 3, backoffRate: 2 } as const;
const MAX_DELAY_SECONDS = 31_622_400;

export function compileRetry(fields: Fields): readonly Retrier[] {
  return entries(fields, 'Retry', compileRetrier);
}

export function compileCatch(fields: Fields): readonly Catcher[] {
  return entries(fields, 'Catch', compileCatcher);
}

function entries<T>(
  fields: Fields,
  name: string,
  compile: (entry: Fields, isLast: boolean) => T,
): readonly T[] {
  const sources: readonly Json[] = fields.list(name) ?? [];
  return sources.flatMap((source, i) => {
    const path = `${fields.at(name)}[${i}]`;
    if (!isObject(source)) {
      fields.problems.invalid(path, 'Expected value of type Object');
      return [];
    }
    const entry = fieldsOf(source, path, fields.problems);
    const compiled = compile(entry, i === sources.length - 1);
    entry.rest();
    return [compiled];
  });
}

function compileRetrier(entry: Fields, isLast: boolean): Retrier {
  const maxDelaySeconds = entry.integer('MaxDelaySeconds', 1, MAX_DELAY_SECONDS);
  const retrier = {
    errors: errorNames(entry, isLast),
    intervalSeconds: entry.integer('IntervalSeconds', 1) ?? DEFAULTS.intervalSeconds,
    maxAttempts: entry.integer('MaxAttempts', 0) ?? DEFAULTS.maxAttempts,
    backoffRate: entry.number('BackoffRate', 1, Number.MAX_VALUE) ?? DEFAULTS.backoffRate,
    jitter: entry.oneOf('JitterStrategy', ['NONE', 'FULL']) ?? 'NONE',
  } as const;
  return maxDelaySeconds === undefined ? retrier : { ...retrier, maxDelaySeconds };
}

function compileCatcher(entry: Fields, isLast: boolean): Catcher {
  entry.required('Next');
  entry.unsupported('Assign', 'Variables (Assign) are not supported by this engine yet');
  entry.unsupported('Output', "'Output' belongs to JSONata, which is not supported by this engine yet");
  const resultPath = entry.referencePath('ResultPath');
  const catcher = { errors: errorNames(entry, isLast), next: entry.string('Next') ?? '' };
  return resultPath === undefined ? catcher : { ...catcher, resultPath };
}

/** States.ALL must stand alone, in the last entry of its list. */
function errorNames(entry: Fields, isLast: boolean): readonly string[] {
  entry.required('ErrorEquals');
  const names = entry.list('ErrorEquals') ?? [];
  const texts = names.filter((name) => typeof name === 'string');
  if (texts.length !== names.length)
    entry.problems.invalid(entry.at('ErrorEquals'), 'Expected values of type String');
  if (entry.has('ErrorEquals') && names.length === 0)
    entry.problems.invalid(entry.at('ErrorEquals'), 'Value cannot be empty');
  if (texts.includes('States.ALL') && (texts.length > 1 || !isLast)) {
    entry.problems.invalid(entry.at('ErrorEquals'), "'States.ALL' must appear alone and in the last entry");
  }
  return texts;
}
