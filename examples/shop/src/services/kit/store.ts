/**
 * A service's own SQLite file. Opening creates and seeds it once, in one transaction, so that a
 * process killed while seeding leaves an empty file and never half a shop.
 */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { DatabaseUnavailableError, openDatabase } from '@holdfast/embedded';
import { makeFolder } from '../../process/make-folder.ts';
import { IDEMPOTENCY_SCHEMA } from './idempotency.ts';
import { number, text } from './rows.ts';
import { inTransaction } from './transaction.ts';

/** Raise it with any change of a table; a file of another version is refused rather than misread. */
const SCHEMA_VERSION = 1;

/** The store cannot be used. The message is the one line that a user sees. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'HF_SHOP_STORE';
}

export interface StorePlan {
  readonly service: string;
  /** CREATE statements of the service's own tables. */
  readonly schema: string;
  /** Fills the new tables. Runs once in the life of the file. */
  readonly fill: (database: DatabaseSync, seed: number) => void;
}

/**
 * Opens `folder`/`service`.sqlite. Guarantee: a committed transaction survives kill -9 and power loss
 * (WAL, synchronous = FULL). @throws StoreError naming the file and what to do.
 */
export function openStore(folder: string, seed: number, plan: StorePlan): DatabaseSync {
  const path = join(folder, `${plan.service}.sqlite`);
  let database: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    database = openDatabase(path, { synchronous: 'full' });
    prepareTables(database, path, seed, plan);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${reason(error, path)}; choose a folder that can be written with --data`, {
      cause: error,
    });
  }
}

function reason(error: unknown, path: string): string {
  if (error instanceof DatabaseUnavailableError) return error.message;
  return `cannot use the store ${path} (${error instanceof Error ? error.message : String(error)})`;
}

function prepareTables(database: DatabaseSync, path: string, seed: number, plan: StorePlan): void {
  if (version(database) === 0) {
    inTransaction(database, () => {
      // Another process may have come first.
      if (version(database) !== 0) return;
      database.exec('CREATE TABLE origin (service TEXT NOT NULL, seed INTEGER NOT NULL) STRICT');
      database.prepare('INSERT INTO origin VALUES (?, ?)').run(plan.service, seed);
      database.exec(IDEMPOTENCY_SCHEMA);
      database.exec(plan.schema);
      plan.fill(database, seed);
      database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    });
  }
  if (version(database) !== SCHEMA_VERSION) {
    throw new StoreError(
      `${path} has version ${version(database)}, this program reads ${SCHEMA_VERSION}; choose another folder with --data`,
    );
  }
  const origin = database.prepare('SELECT service, seed FROM origin').get() ?? {};
  if (text(origin, 'service') !== plan.service || number(origin, 'seed') !== seed) {
    throw new StoreError(
      `${path} was made by ${text(origin, 'service')} with --seed ${number(origin, 'seed')}, not ${seed}; use that seed or choose another folder with --data`,
    );
  }
}

function version(database: DatabaseSync): number {
  return number(database.prepare('PRAGMA user_version').get() ?? {}, 'user_version');
}
