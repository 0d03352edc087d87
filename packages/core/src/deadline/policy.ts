/** Bounds a whole call with all its retries, and tells everything inside how much time is left. */

import type { Call, Operation, Policy } from '../call.ts';
import { rootCall } from '../call.ts';
import { bounded } from '../internal/bounded.ts';
import { optionsReader } from '../internal/options-reader.ts';
import type { Runtime } from '../ports/runtime.ts';
import { systemRuntime } from '../ports/system-runtime.ts';
import { DeadlineExceededError } from './errors.ts';

export interface DeadlineOptions {
  /** Time for the whole call, 1 to 2,147,483,647 ms. Required. */
  readonly budgetMs: number;
}

export interface DeadlineDeps {
  /** Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
}

/**
 * A policy that gives a call `budgetMs` in all. Deadlines only shrink: inside a call that already has one, the earlier
 * holds. When it passes, the operation's signal aborts and the call rejects with {@link DeadlineExceededError}
 * `HF_DEADLINE_EXCEEDED`; a call whose deadline has already passed is rejected without calling.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function deadline(options: DeadlineOptions, deps: DeadlineDeps = {}): Policy {
  const budgetMs = optionsReader('deadline', options).durationMs('budgetMs', 'required');
  const runtime = deps.runtime ?? systemRuntime;
  return {
    name: `deadline(${budgetMs} ms)`,
    async execute<T>(operation: Operation<T>, partial?: Partial<Call>): Promise<T> {
      const call = rootCall(partial);
      const limitMs = Math.min(budgetMs, remainingMs(call, runtime));
      if (limitMs <= 0) throw new DeadlineExceededError(0);
      return bounded(operation, call, limitMs, () => new DeadlineExceededError(limitMs), runtime);
    },
  };
}

/** Ms until the call's deadline, never negative; `Infinity` when it has none. For `x-deadline-ms` headers and the like. */
export function remainingMs(call: Pick<Call, 'deadlineAtMs'>, runtime: Runtime = systemRuntime): number {
  if (call.deadlineAtMs === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, call.deadlineAtMs - runtime.monotonic());
}
