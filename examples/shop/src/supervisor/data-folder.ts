/**
 * Claims the data folder for one running shop. The claim is a SQLite file held in an exclusive
 * transaction: the operating system gives it up with the process, so kill -9 leaves no stale lock.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../process/make-folder.ts';
import { DataFolderError } from './errors.ts';

export interface DataFolder extends Disposable {
  readonly path: string;
  readonly logs: string;
  readonly traces: string;
}

/** @throws DataFolderError when the folder cannot be written or another shop holds it after `patienceMs`. */
export function claimDataFolder(path: string, patienceMs: number): DataFolder {
  const logs = join(path, 'logs');
  try {
    makeFolder(logs);
  } catch (error) {
    throw new DataFolderError(
      `cannot write to the data folder ${path} (${reason(error)}); choose another with --data`,
      { cause: error },
    );
  }
  const lock = hold(path, patienceMs);
  return { path, logs, traces: join(path, 'traces.sqlite'), [Symbol.dispose]: () => lock.close() };
}

function hold(path: string, patienceMs: number): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(path, 'shop.lock'), { timeout: patienceMs });
    database.exec('BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (since_ms INTEGER)');
    return database;
  } catch (error) {
    database?.close();
    const message = reason(error);
    throw /locked|busy/i.test(message)
      ? new DataFolderError(
          `another shop is running on the data folder ${path}; end it or choose another with --data`,
          { cause: error },
        )
      : new DataFolderError(
          `cannot write to the data folder ${path} (${message}); choose another with --data`,
          { cause: error },
        );
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error);
}
