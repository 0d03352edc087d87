import { HoldfastError } from '../errors.ts';

/**
 * `HF_TIMEOUT`: one attempt took longer than it may. The operation's signal was aborted; whether it took effect is
 * unknown, so repeat only what is idempotent.
 */
export class TimeoutError extends HoldfastError {
  readonly code = 'HF_TIMEOUT';
  readonly retryable = true;
  /** Name of the timeout policy. */
  readonly key: string;
  readonly timeoutMs: number;

  constructor(key: string, timeoutMs: number) {
    super(
      `"${key}" did not answer within ${timeoutMs} ms; its call was aborted and may or may not have taken effect`,
    );
    this.key = key;
    this.timeoutMs = timeoutMs;
  }
}
