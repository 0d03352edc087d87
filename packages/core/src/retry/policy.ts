/** Runs the retry machine against the clock, the deadline and the shared budget. */

import type { Call, Operation, Policy } from '../call.ts';
import { rootCall } from '../call.ts';
import { remainingMs } from '../deadline/policy.ts';
import { notify } from '../internal/notify.ts';
import { checkedName } from '../internal/options-reader.ts';
import type { Runtime } from '../ports/runtime.ts';
import { systemRuntime } from '../ports/system-runtime.ts';
import type { RetryBudget } from './budget.ts';
import type { GiveUpReason } from './machine.ts';
import { decide } from './machine.ts';
import type { RetryOptions } from './options.ts';
import { retrySettings } from './options.ts';

/** What a retry says about itself. `attempt` is the one that failed. */
export type RetryEvent =
  | {
      readonly kind: 'retry';
      readonly key: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: unknown;
    }
  | {
      readonly kind: 'gave-up';
      readonly key: string;
      readonly attempt: number;
      readonly reason: GiveUpReason;
      readonly error: unknown;
    };

export interface RetryDeps {
  /** Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
  /** Shared with other retries of the same dependency. Without one only `maxAttempts` bounds the retries. */
  readonly budget?: RetryBudget;
  /** Default: `error.retryable === true`, which every Holdfast error answers. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Called synchronously; a listener that throws surfaces as an uncaught exception, never in the call. */
  readonly onEvent?: (event: RetryEvent) => void;
}

/**
 * A policy that repeats failed attempts, full jitter apart. It honours `error.retryAfterMs`, never waits past the
 * call's deadline (a wait that does not fit ends the call at once), takes each retry from the shared budget, and stops
 * at once when the call's signal aborts. When it gives up it rejects with the last error as it came.
 *
 * Repeating means that the operation may take effect more than once: pass an idempotency key.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function retry(name: string, options: RetryOptions = {}, deps: RetryDeps = {}): Policy {
  const owner = `retry "${name}"`;
  checkedName(owner, name);
  const settings = retrySettings(owner, options);
  const { runtime = systemRuntime, budget, isRetryable = saysRetryable, onEvent } = deps;

  /** The wait before the next attempt, or the reason why there is none. */
  function next(attempt: number, error: unknown, call: Call): number | GiveUpReason {
    const decision = decide(
      {
        attempt,
        retryable: isRetryable(error),
        retryAfterMs: retryAfterMs(error),
        remainingMs: remainingMs(call, runtime),
        draw: runtime.random(),
      },
      settings,
    );
    if (decision.kind === 'give-up') return decision.reason;
    return budget === undefined || budget.withdraw() ? decision.delayMs : 'budget-spent';
  }

  async function execute<T>(operation: Operation<T>, partial?: Partial<Call>): Promise<T> {
    const call = rootCall(partial);
    budget?.deposit();
    for (let attempt = 1; ; attempt += 1) {
      call.signal.throwIfAborted();
      try {
        return await operation({ ...call, attempt });
      } catch (error) {
        // Nobody waits any more: the error of the aborted attempt is the answer, without further bookkeeping.
        if (call.signal.aborted) throw error;
        const delayMs = next(attempt, error, call);
        if (typeof delayMs === 'string') {
          notify(onEvent, { kind: 'gave-up', key: name, attempt, reason: delayMs, error }, runtime);
          throw error;
        }
        notify(onEvent, { kind: 'retry', key: name, attempt, delayMs, error }, runtime);
        await runtime.sleep(delayMs, call.signal);
      }
    }
  }

  return { name: `retry(${name})`, execute };
}

function saysRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}

function retryAfterMs(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('retryAfterMs' in error)) return undefined;
  const asked = error.retryAfterMs;
  return typeof asked === 'number' && asked >= 0 ? asked : undefined;
}
