/** Opens the data file: one process at a time, every commit on disk before it counts, and a schema that knows its age. */
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { DataInUseError, DataUnreadableError } from './errors.ts';

/** Version of the schema below, kept in `PRAGMA user_version`. */
export const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE definitions (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE machines (
    id INTEGER PRIMARY KEY,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    definition INTEGER NOT NULL REFERENCES definitions (id),
    revision TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  );
  CREATE TABLE executions (
    id INTEGER PRIMARY KEY,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    machine_arn TEXT NOT NULL,
    machine_name TEXT NOT NULL,
    machine_updated_at INTEGER NOT NULL,
    revision TEXT,
    role_arn TEXT NOT NULL,
    definition INTEGER NOT NULL REFERENCES definitions (id),
    status TEXT NOT NULL,
    input TEXT NOT NULL,
    output TEXT,
    error TEXT,
    cause TEXT,
    started_at INTEGER NOT NULL,
    stopped_at INTEGER,
    correlation_id TEXT NOT NULL,
    traceparent TEXT,
    trace_header TEXT
  );
  CREATE INDEX executions_by_machine ON executions (machine_arn, id);
  CREATE INDEX executions_by_status ON executions (status, machine_arn, id);
  CREATE INDEX executions_by_end ON executions (stopped_at) WHERE stopped_at IS NOT NULL;
  -- One row per step: the input that was applied and the history events it caused. The events of a row have the
  -- feed sequences sequence, sequence + 1, ...; a row without events still takes one.
  CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    execution INTEGER NOT NULL REFERENCES executions (id),
    first_event INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    input TEXT NOT NULL,
    events TEXT NOT NULL
  );
  CREATE INDEX journal_by_execution ON journal (execution, first_event);
`;

/**
 * Opens or creates the file. Exclusive locking keeps every other process out; the lock is the operating system's,
 * so it ends with the process, however that ends.
 * @throws DataInUseError `HF_STATES_DATA_IN_USE`, DataUnreadableError `HF_STATES_DATA_UNREADABLE`.
 */
export function openDatabase(path: string): DatabaseSync {
  const database = connect(path);
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 4000;
    `);
    database.exec('BEGIN EXCLUSIVE');
    migrate(database, path);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw explain(path, error);
  }
}

function connect(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw explain(path, error);
  }
}

function migrate(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > SCHEMA_VERSION) {
    const found = `it has schema version ${version}, this version of holdfast knows ${SCHEMA_VERSION}`;
    throw new DataUnreadableError(path, `${found}; use the newer holdfast that wrote it`);
  }
  if (version === 0) database.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`);
}

function explain(path: string, error: unknown): unknown {
  if (error instanceof DataUnreadableError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return /locked|busy/i.test(message)
    ? new DataInUseError(path, error)
    : new DataUnreadableError(path, message, error);
}

export type Row = Readonly<Record<string, SQLOutputValue>>;

export function text(row: Row, column: string): string {
  return String(row[column]);
}

export function textOrNone(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
}

export function integer(row: Row, column: string): number {
  return Number(row[column]);
}
