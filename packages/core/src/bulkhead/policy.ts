/** Gives a dependency, or a tier, a pool of its own, so that one that hangs cannot take the places of the others. */

import type { Call, Operation, Policy } from '../call.ts';
import { rootCall } from '../call.ts';
import { remainingMs } from '../deadline/policy.ts';
import { fifo } from '../internal/fifo.ts';
import { checkedName } from '../internal/options-reader.ts';
import type { Runtime } from '../ports/runtime.ts';
import { systemRuntime } from '../ports/system-runtime.ts';
import { BulkheadFullError } from './errors.ts';
import type { BulkheadEffect, BulkheadInput } from './machine.ts';
import { emptyBulkhead, step } from './machine.ts';
import type { BulkheadOptions, Tier } from './options.ts';
import { bulkheadSettings } from './options.ts';

/** Occupancy now, and totals since the bulkhead was made. */
export interface BulkheadSnapshot {
  readonly name: string;
  readonly tier: Tier;
  readonly active: number;
  readonly queued: number;
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  /** Calls refused: the queue was full, or the wait for a place took too long. */
  readonly rejected: number;
  /** Calls that ran, whether they succeeded or failed. */
  readonly completed: number;
}

export interface Bulkhead extends Policy {
  snapshot(): BulkheadSnapshot;
}

export interface BulkheadDeps {
  /** Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
}

/**
 * A policy that lets at most `maxConcurrent` calls run and `maxQueued` wait, first come first served. A waiting call
 * leaves when its signal aborts, its deadline or `queueTimeoutMs` passes. A place is held until the operation settles,
 * also when its caller has gone: put the timeout inside the bulkhead.
 *
 * Calls reject with {@link BulkheadFullError} `HF_BULKHEAD_FULL`, and with the signal's reason when aborted while waiting.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function bulkhead(name: string, options: BulkheadOptions = {}, deps: BulkheadDeps = {}): Bulkhead {
  const owner = `bulkhead "${name}"`;
  checkedName(owner, name);
  const settings = bulkheadSettings(owner, options);
  const runtime = deps.runtime ?? systemRuntime;
  const waiting = fifo<() => void>();
  let state = emptyBulkhead;

  function take(input: BulkheadInput): BulkheadEffect {
    const next = step(state, input, settings);
    state = next.state;
    return next.effect;
  }

  /** Resolves once this call has a place. */
  function place(call: Call): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        leaveQueue();
        cancelTimer();
        call.signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        settle();
        take('left');
        reject(call.signal.reason);
      };
      const leaveQueue = waiting.push(() => {
        settle();
        resolve();
      });
      const patienceMs = Math.min(settings.queueTimeoutMs, remainingMs(call, runtime));
      const cancelTimer = runtime.schedule(patienceMs, () => {
        settle();
        take('expired');
        reject(new BulkheadFullError(name, settings, 'queue-timeout'));
      });
      call.signal.addEventListener('abort', abort, { once: true });
    });
  }

  async function execute<T>(operation: Operation<T>, partial?: Partial<Call>): Promise<T> {
    const call = rootCall(partial);
    call.signal.throwIfAborted();
    const effect = take('arrived');
    if (effect === 'refuse') throw new BulkheadFullError(name, settings, 'queue-full');
    if (effect === 'wait') await place(call);
    try {
      return await operation(call);
    } finally {
      if (take('finished') === 'start-next') waiting.shift()?.();
    }
  }

  return {
    name: `bulkhead(${name})`,
    execute,
    snapshot: () => ({
      name,
      tier: settings.tier,
      maxConcurrent: settings.maxConcurrent,
      maxQueued: settings.maxQueued,
      ...state,
    }),
  };
}
