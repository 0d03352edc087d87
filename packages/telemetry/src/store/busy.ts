// SQLite's "somebody else holds the lock", told apart from what does not pass by itself.

/** SQLite's primary result code is the low byte: SQLITE_BUSY 5, SQLITE_LOCKED 6. */
const BUSY_CODES: readonly number[] = [5, 6];

/** True when trying again may succeed without anybody repairing anything. */
export function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    BUSY_CODES.includes(error.errcode & 0xff)
  );
}
