/** Opens a SQLite file the one way in which all of Holdfast uses it. */
import { DatabaseSync } from 'node:sqlite';
import { InvalidOptionsError } from '@holdfast/core';
import { DatabaseUnavailableError } from './errors.ts';
import { isBusy, sqliteReason } from './sqlite-error.ts';

export interface OpenDatabaseOptions {
  /**
   * `full`: a committed transaction survives loss of power; each commit waits for the disk. `normal`: it survives the
   * death of any process, but the last ones may be undone, in order, by loss of power. Default `full`.
   */
  readonly synchronous?: 'full' | 'normal';
  /**
   * How long a statement waits for another connection's lock, 0 to 60,000 ms. The wait blocks the event loop, as all
   * of `node:sqlite` does. Default 1,000.
   */
  readonly busyTimeoutMs?: number;
  /** Opens an existing file for reading only. Default false. */
  readonly readOnly?: boolean;
}

/**
 * Opens or creates the file at `path`: write-ahead log, foreign keys on, safe for any number of connections in any
 * number of processes of one machine (not over a network file system, where the log's shared memory does not work).
 * That it can be written is tried at once, so that a wrong folder shows here and not in the first request.
 *
 * @throws DatabaseUnavailableError `HF_DATABASE_UNAVAILABLE` naming the path.
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function openDatabase(path: string, options: OpenDatabaseOptions = {}): DatabaseSync {
  const { synchronous = 'full', busyTimeoutMs = 1_000, readOnly = false } = options;
  if (!(Number.isInteger(busyTimeoutMs) && busyTimeoutMs >= 0 && busyTimeoutMs <= 60_000)) {
    throw new InvalidOptionsError(
      'openDatabase',
      'busyTimeoutMs',
      'an integer from 0 to 60000',
      busyTimeoutMs,
    );
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly });
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA foreign_keys = ON;`);
    if (readOnly) {
      database.exec('SELECT 1 FROM sqlite_schema');
    } else {
      enterWal(database, busyTimeoutMs);
      database.exec(`PRAGMA synchronous = ${synchronous}; BEGIN IMMEDIATE; ROLLBACK;`);
    }
    return database;
  } catch (error) {
    database?.close();
    const why = isBusy(error)
      ? `is locked by another process for more than ${busyTimeoutMs} ms; look for one that holds a transaction open`
      : `cannot be opened for ${readOnly ? 'reading' : 'writing'}: ${sqliteReason(error)}; check that its folder exists, is writable and has space`;
    throw new DatabaseUnavailableError(path, why, error);
  }
}

/**
 * The change to WAL fails at once, without regard to the busy timeout, when several processes open a new file in the
 * same moment; one of them wins, and the others find it done.
 */
function enterWal(database: DatabaseSync, busyTimeoutMs: number): void {
  const giveUpAtMs = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAtMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
