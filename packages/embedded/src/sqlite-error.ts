/** Tells SQLite's errors apart by their primary result code ("Result and Error Codes", sqlite.org/rescode.html). */

const BUSY = 5;
const LOCKED = 6;

/** Another connection holds the lock; the same statement may succeed in a moment. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
}

/** SQLite's own words, or what else went wrong. */
export function sqliteReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The low byte of `errcode`; the rest tells variants of one error apart. */
function primaryCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
