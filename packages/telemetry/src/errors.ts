// What can fail in telemetry. Only construction and reading throw; recording never does (see export/drops.ts).
import { HoldfastError } from '@holdfast/core';

/**
 * The trace file cannot be opened, read or written. `retryable` is true when another process only held the lock
 * longer than the busy timeout; otherwise the file or its folder must be repaired first.
 */
export class TraceStoreUnavailableError extends HoldfastError {
  readonly code = 'HF_TRACE_STORE_UNAVAILABLE';
  readonly retryable: boolean;
  /** The trace file. */
  readonly path: string;

  constructor(path: string, doing: string, retryable: boolean, cause: unknown) {
    const next = retryable
      ? 'another process held its lock for too long; trying again helps'
      : 'the file or its folder must be repaired or replaced first (traces are disposable: deleting it is safe)';
    super(`cannot ${doing} trace file "${path}": ${reasonOf(cause)}; ${next}`, { cause });
    this.retryable = retryable;
    this.path = path;
  }
}

/** The log destination cannot be opened. Raised at construction only. */
export class LogDestinationError extends HoldfastError {
  readonly code = 'HF_LOG_DESTINATION';
  readonly retryable = false;
  /** The log file. */
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(
      `cannot open log file "${path}": ${reasonOf(cause)}; give a writable path, or none for standard error`,
      {
        cause,
      },
    );
    this.path = path;
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
