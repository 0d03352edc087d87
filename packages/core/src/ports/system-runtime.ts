/** The only file that touches the platform's clock, timers and randomness, all of them through `globalThis`. */

import { InvalidOptionsError } from '../errors.ts';
import { MAX_TIMER_MS } from '../internal/options-reader.ts';
import type { Cancel, Runtime } from './runtime.ts';

/**
 * The runtime of the machine: `Date.now`, `performance.now`, `setTimeout`, `Math.random`, `crypto.randomUUID`.
 * Timers fire at the earliest when due, and late by as much as the event loop is busy.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS` for a duration that a timer cannot hold.
 */
export const systemRuntime: Runtime = Object.freeze({
  now: (): number => Date.now(),
  monotonic: (): number => performance.now(),
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    checkTimer('sleep', ms);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', abort, { once: true });
    });
  },
  schedule(ms: number, run: () => void): Cancel {
    checkTimer('schedule', ms);
    const timer = setTimeout(run, ms);
    // Browsers answer a number here.
    if (typeof timer === 'object') timer.unref();
    return () => clearTimeout(timer);
  },
  random: (): number => Math.random(),
  uuid: (): string => crypto.randomUUID(),
});

/**
 * Resolves after every promise reaction that is ready has run. Virtual time needs it between two timers: the
 * continuations of the first must have run before the second fires.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

function checkTimer(field: string, ms: number): void {
  if (ms >= 0 && ms <= MAX_TIMER_MS) return;
  throw new InvalidOptionsError('systemRuntime', field, `milliseconds from 0 to ${MAX_TIMER_MS}`, ms);
}
