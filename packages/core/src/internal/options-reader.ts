/** Checks option objects field by field, so that every pattern rejects nonsense in the same words. */
import { InvalidOptionsError } from '../errors.ts';

/** Longest delay a JavaScript timer can hold (2^31 - 1 ms, about 24.8 days); longer ones would fire at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/**
 * Reads numbers out of `options`; each method answers the checked value, or `fallback` when the field is absent.
 * A field whose fallback is `'required'` must be there.
 */
export interface OptionsReader<Field extends string> {
  integer(field: Field, fallback: number, min: number, max: number): number;
  durationMs(field: Field, fallback: number | 'required', min?: number, max?: number): number;
  /** A ratio in (0, 1], or in [0, 1] with `zero`. */
  ratio(field: Field, fallback: number, zero?: 'zero'): number;
  choice<Choice extends string>(field: Field, fallback: Choice, choices: readonly Choice[]): Choice;
}

export function optionsReader<Options extends object>(
  owner: string,
  options: Options,
): OptionsReader<keyof Options & string> {
  type Field = keyof Options & string;

  function number(
    field: Field,
    fallback: number | 'required',
    bound: string,
    fits: (value: number) => boolean,
  ): number {
    const value: unknown = options[field];
    if (value === undefined && fallback !== 'required') return fallback;
    if (typeof value === 'number' && fits(value)) return value;
    throw new InvalidOptionsError(owner, field, bound, value);
  }

  return {
    integer: (field, fallback, min, max) =>
      number(
        field,
        fallback,
        `an integer from ${min} to ${max}`,
        (value) => Number.isInteger(value) && value >= min && value <= max,
      ),
    durationMs: (field, fallback, min = 1, max = MAX_TIMER_MS) =>
      number(field, fallback, `milliseconds from ${min} to ${max}`, (value) => value >= min && value <= max),
    ratio: (field, fallback, zero) =>
      number(
        field,
        fallback,
        `a ratio in ${zero === 'zero' ? '[0' : '(0'}, 1]`,
        (value) => (zero === 'zero' ? value >= 0 : value > 0) && value <= 1,
      ),
    choice: (field, fallback, choices) => {
      const value: unknown = options[field];
      if (value === undefined) return fallback;
      const found = choices.find((choice) => choice === value);
      if (found !== undefined) return found;
      throw new InvalidOptionsError(owner, field, `one of ${choices.join(', ')}`, value);
    },
  };
}

/** Names end up in store keys, metric labels and messages; hence the bound. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/;

/** @throws InvalidOptionsError `HF_INVALID_OPTIONS` unless `name` is 1 to 128 characters of `A-Z a-z 0-9 . _ : / -`. */
export function checkedName(owner: string, name: string): string {
  if (NAME.test(name)) return name;
  throw new InvalidOptionsError(
    owner,
    'name',
    '1 to 128 characters of A-Z a-z 0-9 . _ : / - that start with a letter or digit',
    name,
  );
}
