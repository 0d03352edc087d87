/** What travels with one call through a pipeline, and the shape that every policy has. */
import type { Correlation } from './correlation/correlation.ts';

/** One call on its way. Policies hand it inwards, narrowed: the signal aborts earlier, the deadline comes sooner. */
export interface Call {
  /** Aborts when nobody waits for the answer any more. Operations pass it to `fetch`, to drivers, to `sleep`. */
  readonly signal: AbortSignal;
  /** 1 for the first try of the innermost retry around it. */
  readonly attempt: number;
  /** On the runtime's monotonic clock; absent when nobody set a deadline. */
  readonly deadlineAtMs?: number;
  readonly correlation?: Correlation;
}

/** The thing being guarded. A synchronous throw counts as a rejection. */
export type Operation<T> = (call: Call) => Promise<T>;

/**
 * A guard around operations. It may refuse, delay, repeat or cut off the operation, and otherwise answers as it does.
 * `Answer` is what the policy may answer instead; `never` for all policies but a fallback.
 */
export interface Policy<Answer = never> {
  readonly name: string;
  execute<T>(operation: Operation<T>, call?: Partial<Call>): Promise<T | Answer>;
}

/** Fills in what is missing: a signal that never aborts, attempt 1. */
export function rootCall(call: Partial<Call> = {}): Call {
  return { ...call, signal: call.signal ?? new AbortController().signal, attempt: call.attempt ?? 1 };
}
