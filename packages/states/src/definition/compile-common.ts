/** The fields that several types of state share, compiled once for all of them. */
import { compileCatch, compileRetry } from './compile-retry.ts';
import type { Fields } from './fields.ts';
import type { Guarded, Program, Transition } from './program.ts';

/** Compiles the machine inside a Parallel branch or a Map; passed down, since states and machines nest in each other. */
export type CompileNested = (fields: Fields) => Program | undefined;

/** Only JSONPath is run. Reports JSONata and returns true: the rest of what it governs need not be looked at. */
export function refusesJsonata(fields: Fields): boolean {
  const isJsonata = fields.oneOf('QueryLanguage', ['JSONPath', 'JSONata']) === 'JSONata';
  if (isJsonata) {
    const message = 'QueryLanguage JSONata is not supported by this engine yet';
    fields.problems.unsupported(fields.at('QueryLanguage'), message);
  }
  return isJsonata;
}

/** `{ [key]: value }`, or nothing when `value` is undefined (exactOptionalPropertyTypes). */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const present: { [P in K]?: V } = {};
  if (value !== undefined) present[key] = value;
  return present;
}

export function filtered(fields: Fields): Pick<Guarded, 'inputPath' | 'outputPath'> {
  return {
    ...optional('inputPath', fields.pathOrNull('InputPath')),
    ...optional('outputPath', fields.pathOrNull('OutputPath')),
  };
}

export function resulting(fields: Fields): Pick<Guarded, 'inputPath' | 'outputPath' | 'resultPath' | 'next'> {
  return {
    ...filtered(fields),
    ...optional('resultPath', fields.referencePath('ResultPath')),
    next: transition(fields),
  };
}

export function guarded(fields: Fields): Guarded {
  return {
    ...resulting(fields),
    ...optional('parameters', fields.template('Parameters')),
    ...optional('resultSelector', fields.template('ResultSelector')),
    retry: compileRetry(fields),
    catch: compileCatch(fields),
  };
}

export function transition(fields: Fields): Transition {
  const next = fields.string('Next');
  const end = fields.boolean('End');
  if (next !== undefined && end === true)
    fields.problems.invalid(fields.path, "You cannot specify 'Next' and 'End' together");
  if (next === undefined && end !== true)
    fields.problems.invalid(fields.path, "One of 'Next' or 'End' is required");
  return next === undefined ? { kind: 'end' } : { kind: 'next', state: next };
}
