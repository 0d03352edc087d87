import { HoldfastError } from '@holdfast/core';

/**
 * `HF_DATABASE_UNAVAILABLE`: the SQLite file cannot be used as asked. Not retryable: somebody must free the disk, fix
 * the permissions, or pass another path. `cause` is SQLite's own error.
 */
export class DatabaseUnavailableError extends HoldfastError {
  readonly code = 'HF_DATABASE_UNAVAILABLE';
  readonly retryable = false;
  readonly path: string;

  constructor(path: string, why: string, cause?: unknown) {
    super(`database file "${path}" ${why}`, cause === undefined ? {} : { cause });
    this.path = path;
  }
}
