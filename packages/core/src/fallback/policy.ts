/** Answers something useful instead of an error. */

import type { Call, Operation, Policy } from '../call.ts';
import { rootCall } from '../call.ts';
import { checkedName } from '../internal/options-reader.ts';

/** Makes the substitute answer; may rethrow `error` when it has none. */
export type FallbackHandler<Answer> = (error: unknown, call: Call) => Answer | Promise<Answer>;

/**
 * A policy that answers `handler(error, call)` when the operation fails. An error of the handler replaces the
 * operation's. When the call's own signal has aborted nobody waits for a substitute: the error passes as it came.
 *
 * Callers see in the type that they may get an `Answer` instead of what the operation answers.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function fallback<Answer>(name: string, handler: FallbackHandler<Answer>): Policy<Answer> {
  checkedName(`fallback "${name}"`, name);
  return {
    name: `fallback(${name})`,
    async execute<T>(operation: Operation<T>, partial?: Partial<Call>): Promise<T | Answer> {
      const call = rootCall(partial);
      try {
        return await operation(call);
      } catch (error) {
        if (call.signal.aborted) throw error;
        return handler(error, call);
      }
    },
  };
}
