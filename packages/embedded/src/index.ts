/** The door of `@holdfast/embedded`: Holdfast's ports on one SQLite file. */

export type { OpenDatabaseOptions } from './database.ts';
export { openDatabase } from './database.ts';
export { DatabaseUnavailableError } from './errors.ts';
export type { SqliteStateStoreOptions } from './state-store.ts';
export { sqliteStateStore } from './state-store.ts';
