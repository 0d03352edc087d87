/** The port to a small, strongly consistent store, through which the instances of a fleet agree. */
import { HoldfastError, InvalidOptionsError } from '../errors.ts';
import { MAX_TIMER_MS } from '../internal/options-reader.ts';
import type { JsonValue } from '../json.ts';

export interface Versioned {
  readonly value: JsonValue;
  /** An integer above 0 that grows with every write of the key. */
  readonly version: number;
}

export interface WriteOptions {
  /** How long the key lives, 1 to 2,147,483,647 ms from this write. Default: `compareAndSet` for ever, `add` unchanged. */
  readonly ttlMs?: number;
}

export type CompareAndSetResult =
  | { readonly ok: true; readonly version: number }
  /** Another writer came first; `current` is what it left, `undefined` when the key is absent. */
  | { readonly ok: false; readonly current: Versioned | undefined };

/**
 * Keys are 1 to 512 characters; a value is at most 64 KiB of JSON ({@link STATE_STORE_LIMITS}). All methods are atomic
 * and linearizable for one key, over all connections to the same backend; nothing is promised across keys.
 *
 * Each method rejects with
 * - {@link StoreUnavailableError} `HF_STORE_UNAVAILABLE` when the backend does not answer within the adapter's own,
 *   documented time limit. A write may then have happened: `outcome` says whether that is excluded.
 * - {@link InvalidOptionsError} `HF_INVALID_OPTIONS` for an argument out of bounds; nothing was written.
 */
export interface StateStore {
  /** The last committed value, or `undefined` when the key is absent or its time to live has passed. */
  get(key: string): Promise<Versioned | undefined>;
  /**
   * Writes `value` if the key still has the version `expected`, or is `'absent'`. A key that expired is absent, and a
   * key that is made again gets a version above all that it had within the last minute, so that a stale version never
   * wins.
   */
  compareAndSet(
    key: string,
    expected: number | 'absent',
    value: JsonValue,
    options?: WriteOptions,
  ): Promise<CompareAndSetResult>;
  /**
   * Adds each delta to the field of that name and answers all fields of the key. Fields begin at 0. The key's value is
   * the object of its fields, readable by `get`; a key whose value is anything else rejects with
   * {@link NotCountersError} `HF_STATE_NOT_COUNTERS`. Deltas are finite numbers; without any, it only reads.
   */
  add(
    key: string,
    deltas: Readonly<Record<string, number>>,
    options?: WriteOptions,
  ): Promise<Readonly<Record<string, number>>>;
}

/** `HF_STORE_UNAVAILABLE`: the store did not answer in time, or refused to serve. */
export class StoreUnavailableError extends HoldfastError {
  readonly code = 'HF_STORE_UNAVAILABLE';
  readonly retryable = true;
  readonly key: string;
  /** `not-applied`: certainly no write happened. `unknown`: it may have; read before repeating. */
  readonly outcome: 'not-applied' | 'unknown';

  constructor(key: string, outcome: 'not-applied' | 'unknown', why: string, cause?: unknown) {
    const said = outcome === 'unknown' ? 'a write may or may not have happened' : 'nothing was written';
    super(
      `the state store did not serve key "${key}": ${why}; ${said}`,
      cause === undefined ? {} : { cause },
    );
    this.key = key;
    this.outcome = outcome;
  }
}

/** `HF_STATE_NOT_COUNTERS`: `add` met a key that holds something else than numbers. The key was not changed. */
export class NotCountersError extends HoldfastError {
  readonly code = 'HF_STATE_NOT_COUNTERS';
  readonly retryable = false;
  readonly key: string;

  constructor(key: string) {
    super(`key "${key}" holds no counters, so nothing was added; it was written by compareAndSet`);
    this.key = key;
  }
}

/** Bounds that every adapter keeps, chosen so that DynamoDB, Redis, PostgreSQL and SQLite all can. */
export const STATE_STORE_LIMITS = {
  keyCharacters: 512,
  valueBytes: 65_536,
  fields: 1_024,
  fieldCharacters: 128,
} as const;

/** For adapters: the JSON of a `compareAndSet`, once its arguments are found to be within bounds. */
export function checkedWrite(
  key: string,
  expected: number | 'absent',
  value: JsonValue,
  ttlMs?: number,
): string {
  checkedKey(key);
  checkedTtl(key, ttlMs);
  if (expected !== 'absent' && !(Number.isSafeInteger(expected) && expected > 0)) {
    throw new InvalidOptionsError(`state key "${key}"`, 'expected', "a version or 'absent'", expected);
  }
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) throw new InvalidOptionsError(`state key "${key}"`, 'value', 'a JSON value', value);
  checkedSize(key, json);
  return json;
}

/** For adapters: rejects an `add` that is out of bounds. */
export function checkAdd(key: string, deltas: Readonly<Record<string, number>>, ttlMs?: number): void {
  checkedKey(key);
  checkedTtl(key, ttlMs);
  for (const [field, delta] of Object.entries(deltas)) {
    if (field.length === 0 || field.length > STATE_STORE_LIMITS.fieldCharacters || field === '__proto__') {
      const bound = `1 to ${STATE_STORE_LIMITS.fieldCharacters} characters and not __proto__`;
      throw new InvalidOptionsError(`state key "${key}"`, 'field', bound, field);
    }
    if (!Number.isFinite(delta)) {
      throw new InvalidOptionsError(`state key "${key}"`, field, 'a finite number', delta);
    }
  }
}

/** For adapters: the fields after an `add` to the value `held`, or to nothing. */
export function addedTo(
  key: string,
  held: JsonValue | undefined,
  deltas: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const totals = new Map(Object.entries(countersOf(key, held)));
  for (const [field, delta] of Object.entries(deltas)) totals.set(field, (totals.get(field) ?? 0) + delta);
  if (totals.size > STATE_STORE_LIMITS.fields) {
    throw new InvalidOptionsError(
      `state key "${key}"`,
      'fields',
      `at most ${STATE_STORE_LIMITS.fields}`,
      totals.size,
    );
  }
  return Object.fromEntries(totals);
}

/** For adapters: a key within bounds. */
export function checkedKey(key: string): string {
  if (key.length > 0 && key.length <= STATE_STORE_LIMITS.keyCharacters) return key;
  throw new InvalidOptionsError(
    'state store',
    'key',
    `1 to ${STATE_STORE_LIMITS.keyCharacters} characters`,
    key,
  );
}

function checkedTtl(key: string, ttlMs: number | undefined): void {
  if (ttlMs === undefined || (ttlMs >= 1 && ttlMs <= MAX_TIMER_MS)) return;
  throw new InvalidOptionsError(
    `state key "${key}"`,
    'ttlMs',
    `milliseconds from 1 to ${MAX_TIMER_MS}`,
    ttlMs,
  );
}

function checkedSize(key: string, json: string): void {
  const bytes = utf8Bytes(json);
  if (bytes <= STATE_STORE_LIMITS.valueBytes) return;
  const bound = `at most ${STATE_STORE_LIMITS.valueBytes} bytes of JSON`;
  throw new InvalidOptionsError(`state key "${key}"`, 'value', bound, `${bytes} bytes`);
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

function countersOf(key: string, held: JsonValue | undefined): Readonly<Record<string, number>> {
  if (held === undefined) return {};
  if (typeof held !== 'object' || held === null || Array.isArray(held)) throw new NotCountersError(key);
  const counters: Record<string, number> = {};
  for (const [field, value] of Object.entries(held)) {
    if (typeof value !== 'number') throw new NotCountersError(key);
    counters[field] = value;
  }
  return counters;
}
