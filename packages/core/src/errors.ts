/** The root of every error that Holdfast raises, so that callers branch on `code` instead of on message text. */

/**
 * Base class of all Holdfast errors. `code` is stable across releases, `retryable` says whether the same call may
 * succeed later without anybody changing anything, and `cause` keeps the foreign error when there was one.
 */
export abstract class HoldfastError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  override get name(): string {
    return this.constructor.name;
  }

  /** Lives on the prototype, so that {@link isHoldfastError} recognises errors of a second copy of this package. */
  get isHoldfastError(): true {
    return true;
  }
}

/** True for every Holdfast error, also one made by another copy of this package, where `instanceof` is blind. */
export function isHoldfastError(value: unknown): value is HoldfastError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'isHoldfastError' in value &&
    value.isHoldfastError === true &&
    'code' in value &&
    typeof value.code === 'string' &&
    'retryable' in value &&
    typeof value.retryable === 'boolean'
  );
}

/**
 * `HF_INVALID_OPTIONS`: an option or argument lies outside its bound. Thrown where the object is made (or, by a port,
 * where it is called), before anything happened. Not retryable: the program must change.
 */
export class InvalidOptionsError extends HoldfastError {
  readonly code = 'HF_INVALID_OPTIONS';
  readonly retryable = false;
  /** What was being made, for example `retry "payment"`. */
  readonly owner: string;
  readonly field: string;
  /** The bound in words, for example `an integer from 1 to 100`. */
  readonly bound: string;
  readonly value: unknown;

  constructor(owner: string, field: string, bound: string, value: unknown) {
    super(`${owner}: ${field} must be ${bound}; got ${shown(value)}`);
    this.owner = owner;
    this.field = field;
    this.bound = bound;
    this.value = value;
  }
}

/** At most 80 characters: a message must stay readable whatever was passed. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
