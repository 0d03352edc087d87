/** Puts policies inside one another, so that a guarded call reads as a list. */

import type { Call, Operation, Policy } from '../call.ts';
import { rootCall } from '../call.ts';

/**
 * Composes policies, outermost first: `pipeline(deadline, retry, breaker)` runs the breaker inside the retry inside
 * the deadline. An empty pipeline just calls. A pipeline is a policy and may stand inside another one.
 *
 * The usual order: deadline → retry → circuit breaker → bulkhead → timeout. Then each attempt asks the breaker anew,
 * waiting in the bulkhead is no failure of the dependency, and the timeout measures the dependency alone.
 */
export function pipeline(...policies: readonly Policy[]): Policy;
/** With a fallback in it, the pipeline may also answer what the fallback answers. */
export function pipeline<Answer>(...policies: readonly Policy<Answer>[]): Policy<Answer>;
export function pipeline<Answer>(...policies: readonly Policy<Answer>[]): Policy<Answer> {
  const name = policies.length === 0 ? 'direct' : policies.map((policy) => policy.name).join(' > ');

  function descend<T>(index: number, operation: Operation<T>, call: Call): Promise<T | Answer> {
    const policy = policies[index];
    if (policy === undefined) return operation(call);
    return policy.execute((inner) => descend(index + 1, operation, inner), call);
  }

  return {
    name,
    async execute<T>(operation: Operation<T>, call?: Partial<Call>): Promise<T | Answer> {
      return descend(0, operation, rootCall(call));
    },
  };
}
