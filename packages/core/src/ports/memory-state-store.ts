/** A state store inside one process: for tests, for simulation, for a program that has no fleet. */
import { InvalidOptionsError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { Runtime } from './runtime.ts';
import type { CompareAndSetResult, StateStore, Versioned, WriteOptions } from './state-store.ts';
import { addedTo, checkAdd, checkedKey, checkedWrite, StoreUnavailableError } from './state-store.ts';
import { systemRuntime } from './system-runtime.ts';

export interface MemoryStateStoreOptions {
  /** Keys held at most, 1 to 10,000,000; a write of one more rejects with `HF_STORE_UNAVAILABLE`. Default 100,000. */
  readonly maxKeys?: number;
  /** Tells when keys expire. Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
}

interface Entry {
  readonly json: string;
  readonly version: number;
  readonly expiresAtMs: number;
}

/**
 * Guarantees of the backend: linearizable, because each call takes effect in one turn of the event loop; lost with the
 * process; versions are drawn from one sequence, so that a key made again never repeats one.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function memoryStateStore(options: MemoryStateStoreOptions = {}): StateStore {
  const { maxKeys = 100_000, runtime = systemRuntime } = options;
  if (!(Number.isInteger(maxKeys) && maxKeys >= 1 && maxKeys <= 10_000_000)) {
    throw new InvalidOptionsError('memoryStateStore', 'maxKeys', 'an integer from 1 to 10000000', maxKeys);
  }
  const entries = new Map<string, Entry>();
  let lastVersion = 0;

  function live(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAtMs > runtime.monotonic()) return entry;
    entries.delete(key);
    return undefined;
  }

  function makeRoom(key: string): void {
    if (entries.size < maxKeys || entries.has(key)) return;
    for (const held of entries.keys()) live(held);
    if (entries.size >= maxKeys)
      throw new StoreUnavailableError(key, 'not-applied', `it is full (${maxKeys} keys)`);
  }

  function write(key: string, json: string, expiresAtMs: number): number {
    makeRoom(key);
    lastVersion += 1;
    entries.set(key, { json, version: lastVersion, expiresAtMs });
    return lastVersion;
  }

  function expiry(ttlMs: number | undefined, otherwise: number): number {
    return ttlMs === undefined ? otherwise : runtime.monotonic() + ttlMs;
  }

  return {
    async get(key) {
      return versioned(live(checkedKey(key)));
    },
    async compareAndSet(key, expected, value, wanted: WriteOptions = {}): Promise<CompareAndSetResult> {
      const json = checkedWrite(key, expected, value, wanted.ttlMs);
      const entry = live(key);
      if ((entry?.version ?? 'absent') !== expected) return { ok: false, current: versioned(entry) };
      return { ok: true, version: write(key, json, expiry(wanted.ttlMs, Number.POSITIVE_INFINITY)) };
    },
    async add(key, deltas, wanted: WriteOptions = {}) {
      checkAdd(key, deltas, wanted.ttlMs);
      const entry = live(key);
      const totals = addedTo(key, versioned(entry)?.value, deltas);
      if (Object.keys(deltas).length > 0) {
        const unchanged = entry?.expiresAtMs ?? Number.POSITIVE_INFINITY;
        write(key, JSON.stringify(totals), expiry(wanted.ttlMs, unchanged));
      }
      return totals;
    },
  };
}

/** Kept as JSON, so that no caller can change what another one reads. */
function versioned(entry: Entry | undefined): Versioned | undefined {
  if (entry === undefined) return undefined;
  const value: JsonValue = JSON.parse(entry.json);
  return { value, version: entry.version };
}
