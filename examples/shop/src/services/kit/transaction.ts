/** All of a change or nothing of it. node:sqlite is synchronous, so no other request of this process can come between. */
import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in one write transaction: all of it is committed, or none when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
