// Checks of options, done once at construction; everything behind them trusts what it gets.
import { InvalidOptionsError } from '@holdfast/core';

/** `value` when it is an integer in `least..greatest`. @throws InvalidOptionsError naming field, bound and value */
export function wholeNumber(
  owner: string,
  field: string,
  value: number,
  least: number,
  greatest: number,
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= greatest) return value;
  throw new InvalidOptionsError(owner, field, `an integer from ${least} to ${greatest}`, value);
}

/** `value` when it has 1..`longest` characters. @throws InvalidOptionsError naming field, bound and value */
export function shortText(owner: string, field: string, value: string, longest: number): string {
  if (value.length >= 1 && value.length <= longest) return value;
  throw new InvalidOptionsError(owner, field, `text of 1 to ${longest} characters`, value);
}

/** `value` when it is one of `allowed`. @throws InvalidOptionsError naming field, bound and value */
export function oneOf<T extends string>(
  owner: string,
  field: string,
  value: string,
  allowed: readonly T[],
): T {
  const found = allowed.find((name) => name === value);
  if (found !== undefined) return found;
  throw new InvalidOptionsError(owner, field, `one of ${allowed.join(', ')}`, value);
}
