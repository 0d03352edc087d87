/** Forgets closed executions after their time, a few at a time, so that the data file does not grow for ever. */
import type { Cancel, Runtime } from '@holdfast/core';

export interface RetentionOptions {
  readonly runtime: Runtime;
  readonly retainMs: number;
  /** Deletes at most `limit` executions that closed before `before` (epoch ms); resolves with how many there were. */
  readonly purge: (before: number, limit: number) => Promise<number>;
  readonly failed: (error: unknown) => void;
}

/** How often it looks for something to forget. */
const EVERY_MS = 3_600_000;
/** Executions deleted in one transaction at most: others must not wait for long. */
const AT_ONCE = 100;

/** Looks now and every hour. Returns what stops it. */
export function retention(options: RetentionOptions): Cancel {
  const { runtime, retainMs } = options;
  let cancel: Cancel = () => {};
  let stopped = false;
  const look = async (): Promise<void> => {
    try {
      while (!stopped && (await options.purge(runtime.now() - retainMs, AT_ONCE)) === AT_ONCE);
    } catch (error) {
      if (!stopped) options.failed(error);
    }
    if (!stopped) cancel = runtime.schedule(EVERY_MS, look);
  };
  look();
  return () => {
    stopped = true;
    cancel();
  };
}
