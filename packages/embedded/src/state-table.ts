/** The statements behind the state store, prepared once. Synchronous: each transaction begins and ends in one turn. */
import type { DatabaseSync } from 'node:sqlite';
import type { JsonValue, Versioned } from '@holdfast/core';
import { StoreUnavailableError } from '@holdfast/core';
import { sqliteReason } from './sqlite-error.ts';

export interface StateRow {
  readonly held: Versioned;
  readonly expiresAtMs: number | null;
}

export interface StateTable {
  /** The row of `key` unless it has expired by `nowMs`. */
  read(key: string, nowMs: number): StateRow | undefined;
  /** Writes a row and answers its version; only inside a transaction. */
  write(key: string, json: string, expiresAtMs: number | null, nowMs: number): number;
  transaction<T>(key: string, work: () => T): T;
}

const WRITES_PER_PRUNING = 64;
const ROWS_PER_PRUNING = 128;

/** One sequence numbers the writes of all keys, so that a key that was removed and made again never repeats a version. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS holdfast_state (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires_at_ms REAL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS holdfast_state_by_expiry ON holdfast_state (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
  CREATE TABLE IF NOT EXISTS holdfast_state_sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
  INSERT OR IGNORE INTO holdfast_state_sequence (id, last) VALUES (1, 0);
`;

export function stateTable(database: DatabaseSync): StateTable {
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
  const select = database.prepare('SELECT value, version, expires_at_ms FROM holdfast_state WHERE key = ?');
  const number = database.prepare(
    'UPDATE holdfast_state_sequence SET last = last + 1 WHERE id = 1 RETURNING last',
  );
  const upsert = database.prepare(
    `INSERT INTO holdfast_state (key, value, version, expires_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET
       value = excluded.value, version = excluded.version, expires_at_ms = excluded.expires_at_ms`,
  );
  const prune = database.prepare(
    `DELETE FROM holdfast_state WHERE key IN
       (SELECT key FROM holdfast_state WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${ROWS_PER_PRUNING})`,
  );
  let writes = 0;

  return {
    read(key, nowMs) {
      const row = select.get(key);
      if (row === undefined) return undefined;
      const expiresAtMs = row['expires_at_ms'] === null ? null : Number(row['expires_at_ms']);
      if (expiresAtMs !== null && expiresAtMs <= nowMs) return undefined;
      const value: JsonValue = JSON.parse(String(row['value']));
      return { held: { value, version: Number(row['version']) }, expiresAtMs };
    },
    write(key, json, expiresAtMs, nowMs) {
      const version = Number(number.get()?.['last']);
      upsert.run(key, json, version, expiresAtMs);
      writes += 1;
      if (writes % WRITES_PER_PRUNING === 0) prune.run(nowMs);
      return version;
    },
    transaction(key, work) {
      database.exec('BEGIN IMMEDIATE');
      let result: ReturnType<typeof work>;
      try {
        result = work();
      } catch (error) {
        rollBackIfOpen(database);
        throw error;
      }
      try {
        database.exec('COMMIT');
      } catch (error) {
        rollBackIfOpen(database);
        throw new StoreUnavailableError(key, 'unknown', `the commit failed: ${sqliteReason(error)}`, error);
      }
      return result;
    },
  };
}

/** After some failures, a full disk among them, SQLite has already rolled back. */
function rollBackIfOpen(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}
