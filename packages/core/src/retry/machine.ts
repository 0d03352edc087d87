/** Decides, without a clock or chance of its own, whether and when a failed attempt is repeated. */
import type { RetrySettings } from './options.ts';

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  readonly retryable: boolean;
  /** What the error itself asked for, when it did. */
  readonly retryAfterMs: number | undefined;
  /** `Infinity` without a deadline. */
  readonly remainingMs: number;
  /** Uniform in [0, 1). */
  readonly draw: number;
}

export type GiveUpReason =
  | 'not-retryable'
  | 'attempts-spent'
  | 'asked-to-wait-too-long'
  | 'deadline-too-near'
  | 'budget-spent';

export type RetryDecision =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'give-up'; readonly reason: Exclude<GiveUpReason, 'budget-spent'> };

/**
 * Full jitter: a wait uniform in [0, min(maxDelayMs, baseDelayMs * 2^(attempt-1))), after "Exponential Backoff And
 * Jitter" (AWS Architecture Blog, Marc Brooker, 2015). It comes on top of what the error asked for, so that the callers
 * which were all told the same moment do not all come back at it.
 */
export function decide(failed: FailedAttempt, settings: RetrySettings): RetryDecision {
  if (!failed.retryable) return { kind: 'give-up', reason: 'not-retryable' };
  if (failed.attempt >= settings.maxAttempts) return { kind: 'give-up', reason: 'attempts-spent' };
  const askedMs = failed.retryAfterMs ?? 0;
  if (askedMs > settings.maxDelayMs) return { kind: 'give-up', reason: 'asked-to-wait-too-long' };
  const ceilingMs = Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** (failed.attempt - 1));
  const delayMs = askedMs + failed.draw * ceilingMs;
  if (delayMs >= failed.remainingMs) return { kind: 'give-up', reason: 'deadline-too-near' };
  return { kind: 'retry', delayMs };
}
