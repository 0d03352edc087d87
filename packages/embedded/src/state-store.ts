/** The state store of one machine: a SQLite file that any number of its processes share. */
import type { DatabaseSync } from 'node:sqlite';
import type { CompareAndSetResult, Runtime, StateStore, WriteOptions } from '@holdfast/core';
import {
  addedTo,
  checkAdd,
  checkedKey,
  checkedWrite,
  InvalidOptionsError,
  isHoldfastError,
  StoreUnavailableError,
  systemRuntime,
} from '@holdfast/core';
import { openDatabase } from './database.ts';
import { DatabaseUnavailableError } from './errors.ts';
import { isBusy, sqliteReason } from './sqlite-error.ts';
import type { StateTable } from './state-table.ts';
import { stateTable } from './state-table.ts';

/** Either the path of a file that the store opens and closes itself, or a connection that stays the caller's. */
export type SqliteStateStoreOptions = SqliteStateStoreCommon &
  (
    | { readonly path: string; readonly database?: never }
    | { readonly database: DatabaseSync; readonly path?: never }
  );

interface SqliteStateStoreCommon {
  /**
   * How long a call waits for other processes' locks before it rejects with `HF_STORE_UNAVAILABLE`, 0 to 60,000 ms.
   * With `path` the wait leaves the event loop free. With `database` each try also blocks for as long as that
   * connection's own `busy_timeout` says. Default 1,000.
   */
  readonly busyTimeoutMs?: number;
  /** Its `now()` tells when keys expire, its `sleep` waits for locks. Default `systemRuntime`. */
  readonly runtime?: Runtime;
}

/** Longest pause between two tries for a lock. */
const MAX_PAUSE_MS = 10;

/**
 * Guarantees of the backend:
 * - Linearizable over all connections and processes on one machine: every write is one `BEGIN IMMEDIATE` transaction.
 * - A write that was acknowledged survives the death of any process. With `path` the file is opened with
 *   `synchronous = NORMAL`: loss of power may undo the last writes, in order, and ends all their readers too.
 * - Time to live is measured on the wall clock that the processes of one machine share. Expired keys are absent at
 *   once, and removed from the file by later writes, at most 128 by every 64th write of each connection.
 * - A call never waits longer than `busyTimeoutMs` (and one statement) for other processes. A failure other than of
 *   the commit itself is `outcome: 'not-applied'`.
 *
 * Keeps its rows in the tables `holdfast_state` and `holdfast_state_sequence`. Disposing closes only what it opened;
 * calls after that reject with `HF_STORE_UNAVAILABLE`.
 *
 * @throws DatabaseUnavailableError `HF_DATABASE_UNAVAILABLE` when the file cannot be used.
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function sqliteStateStore(options: SqliteStateStoreOptions): StateStore & Disposable {
  const { busyTimeoutMs = 1_000, runtime = systemRuntime } = options;
  if (!(busyTimeoutMs >= 0 && busyTimeoutMs <= 60_000)) {
    throw new InvalidOptionsError(
      'sqliteStateStore',
      'busyTimeoutMs',
      'milliseconds from 0 to 60000',
      busyTimeoutMs,
    );
  }
  const { database, table } = opened(options, Math.round(busyTimeoutMs));
  let closed = false;

  /** Runs `attempt`, again and again while the file is locked, and turns what fails into the port's error. */
  async function served<T>(key: string, attempt: () => T): Promise<T> {
    if (closed) throw new StoreUnavailableError(key, 'not-applied', 'it has been closed');
    const giveUpAtMs = runtime.monotonic() + busyTimeoutMs;
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        if (isHoldfastError(error)) throw error;
        if (!isBusy(error)) {
          throw new StoreUnavailableError(key, 'not-applied', `SQLite said "${sqliteReason(error)}"`, error);
        }
        const leftMs = giveUpAtMs - runtime.monotonic();
        if (leftMs <= 0) {
          const why = `another process kept the file locked for ${busyTimeoutMs} ms`;
          throw new StoreUnavailableError(key, 'not-applied', why, error);
        }
        await runtime.sleep(Math.min(leftMs, 1 + runtime.random() * (MAX_PAUSE_MS - 1)));
      }
    }
  }

  return {
    get: async (key) => served(checkedKey(key), () => table.read(key, runtime.now())?.held),
    async compareAndSet(key, expected, value, wanted: WriteOptions = {}): Promise<CompareAndSetResult> {
      const json = checkedWrite(key, expected, value, wanted.ttlMs);
      return served(key, () =>
        table.transaction(key, (): CompareAndSetResult => {
          const nowMs = runtime.now();
          const current = table.read(key, nowMs)?.held;
          if ((current?.version ?? 'absent') !== expected) return { ok: false, current };
          return { ok: true, version: table.write(key, json, expiry(nowMs, wanted.ttlMs), nowMs) };
        }),
      );
    },
    async add(key, deltas, wanted: WriteOptions = {}) {
      checkAdd(key, deltas, wanted.ttlMs);
      if (Object.keys(deltas).length === 0) {
        return served(key, () => addedTo(key, table.read(key, runtime.now())?.held.value, deltas));
      }
      return served(key, () =>
        table.transaction(key, () => {
          const nowMs = runtime.now();
          const row = table.read(key, nowMs);
          const totals = addedTo(key, row?.held.value, deltas);
          const expiresAtMs = expiry(nowMs, wanted.ttlMs) ?? row?.expiresAtMs ?? null;
          table.write(key, JSON.stringify(totals), expiresAtMs, nowMs);
          return totals;
        }),
      );
    },
    [Symbol.dispose]() {
      if (closed) return;
      closed = true;
      if (options.database === undefined) database.close();
    },
  };
}

function opened(
  options: SqliteStateStoreOptions,
  busyTimeoutMs: number,
): { database: DatabaseSync; table: StateTable } {
  if (options.database !== undefined)
    return { database: options.database, table: stateTable(options.database) };
  const database = openDatabase(options.path, { synchronous: 'normal', busyTimeoutMs });
  try {
    const table = stateTable(database);
    // From here on waiting for a lock is asynchronous.
    database.exec('PRAGMA busy_timeout = 0');
    return { database, table };
  } catch (error) {
    database.close();
    const why = `cannot hold the state tables: ${sqliteReason(error)}`;
    throw new DatabaseUnavailableError(options.path, why, error);
  }
}

function expiry(nowMs: number, ttlMs: number | undefined): number | null {
  return ttlMs === undefined ? null : nowMs + ttlMs;
}
