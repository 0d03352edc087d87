// Opens the trace file: many processes do it at the same moment, on an existing file or on none.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { blockingWait } from '../blocking-wait.ts';
import { isBusy } from './busy.ts';

/** Raised in the file's header whenever the tables change; a file of another version is refused, not migrated. */
const SCHEMA_VERSION = 1;

/** While other processes create the same file, opening may wait for the switch to WAL: 200 times, 10 ms apart, … */
const SWITCH_ATTEMPTS = 200;
const SWITCH_WAIT_MS = 10;
/** … and then this long for the lock to create the tables. Recording waits for neither. */
const CREATE_TIMEOUT_MS = 2_000;

/**
 * `spans_calls` covers the service map's question, so that the map never reads the rows with their attributes.
 * `end_ms` is therefore a column of its own: SQLite does not count an index over a generated column as covering.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spans (
    id INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    parent_span_id TEXT,
    correlation_id TEXT,
    service TEXT NOT NULL,
    instance TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    peer TEXT,
    start_ms REAL NOT NULL,
    duration_ms REAL NOT NULL,
    end_ms REAL NOT NULL,
    error_code TEXT,
    error_message TEXT,
    attributes TEXT NOT NULL,
    events TEXT NOT NULL,
    UNIQUE (trace_id, span_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS spans_correlation ON spans (correlation_id);
  CREATE INDEX IF NOT EXISTS spans_calls ON spans (end_ms, service, kind, peer, duration_ms, error_code)
    WHERE kind <> 'internal';
`;

/**
 * Opens `path`, creating its folder, file and tables where missing.
 *
 * WAL lets readers and one writer go on beside each other. `synchronous = NORMAL` syncs at checkpoints only: a
 * killed process loses nothing that was committed, a power cut may lose the last moments, and the file stays
 * consistent in both cases. Spans are observations, not facts that anyone acted on, so an fsync for each batch would
 * buy nothing; `OFF` would risk the whole file to save one fsync in about 4 MB.
 *
 * Opening blocks for at most about 4 s, and only while others hold locks on a file that is not a trace file yet.
 *
 * @param busyTimeoutMs how long any later statement may wait for a lock
 */
export function openSpans(path: string, busyTimeoutMs: number): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  try {
    switchToWal(database);
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216');
    database.exec(`PRAGMA busy_timeout = ${CREATE_TIMEOUT_MS}`);
    if (schemaVersion(database) !== SCHEMA_VERSION) createTables(database);
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Two connections that both hold a read lock and both want the exclusive one that the switch needs would wait for
 * each other for ever; SQLite therefore refuses one of them at once, whatever its busy timeout. The refused one lets
 * go and comes again.
 */
function switchToWal(database: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === SWITCH_ATTEMPTS) throw error;
      blockingWait(SWITCH_WAIT_MS);
    }
  }
}

function createTables(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  const version = schemaVersion(database);
  if (version !== 0 && version !== SCHEMA_VERSION) {
    throw new Error(`it has schema version ${String(version)}, this release reads version ${SCHEMA_VERSION}`);
  }
  database.exec(SCHEMA);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  database.exec('COMMIT');
}

function schemaVersion(database: DatabaseSync): unknown {
  return database.prepare('PRAGMA user_version').get()?.['user_version'];
}
