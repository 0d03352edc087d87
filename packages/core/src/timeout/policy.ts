/** Bounds one attempt, so that a dependency that hangs costs a known amount of time. */

import type { Policy } from '../call.ts';
import { rootCall } from '../call.ts';
import { bounded } from '../internal/bounded.ts';
import { checkedName, optionsReader } from '../internal/options-reader.ts';
import type { Runtime } from '../ports/runtime.ts';
import { systemRuntime } from '../ports/system-runtime.ts';
import { TimeoutError } from './errors.ts';

export interface TimeoutOptions {
  /** How long one attempt may take, 1 to 2,147,483,647 ms. Required: there is no sensible default for all. */
  readonly timeoutMs: number;
}

export interface TimeoutDeps {
  /** Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
}

/**
 * A policy that rejects with {@link TimeoutError} `HF_TIMEOUT` after `timeoutMs` and aborts the operation's signal.
 * It never waits for an operation that ignores the signal.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function timeout(name: string, options: TimeoutOptions, deps: TimeoutDeps = {}): Policy {
  const owner = `timeout "${name}"`;
  checkedName(owner, name);
  const timeoutMs = optionsReader(owner, options).durationMs('timeoutMs', 'required');
  const runtime = deps.runtime ?? systemRuntime;
  return {
    name: `timeout(${name})`,
    execute: (operation, call) =>
      bounded(operation, rootCall(call), timeoutMs, () => new TimeoutError(name, timeoutMs), runtime),
  };
}
