/** What a retry may be told, and what it then holds itself to. */
import { optionsReader } from '../internal/options-reader.ts';

/** How often and how far apart a call is repeated. */
export interface RetryOptions {
  /** Attempts in all, the first included, 1 to 100. Default 3. */
  readonly maxAttempts?: number;
  /** Upper bound of the first wait, 0 to 2,147,483,647 ms; it doubles with each attempt. Default 100. */
  readonly baseDelayMs?: number;
  /** Upper bound of any wait, 0 to 2,147,483,647 ms. An error that asks for a longer one is not retried. Default 5,000. */
  readonly maxDelayMs?: number;
}

/** Options with every default filled in and checked. */
export type RetrySettings = Required<RetryOptions>;

/** @throws InvalidOptionsError `HF_INVALID_OPTIONS`. */
export function retrySettings(owner: string, options: RetryOptions): RetrySettings {
  const read = optionsReader(owner, options);
  const baseDelayMs = read.durationMs('baseDelayMs', 100, 0);
  return Object.freeze({
    maxAttempts: read.integer('maxAttempts', 3, 1, 100),
    baseDelayMs,
    maxDelayMs: read.durationMs('maxDelayMs', Math.max(5_000, baseDelayMs), baseDelayMs),
  });
}
