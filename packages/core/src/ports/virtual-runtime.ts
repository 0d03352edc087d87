/** Virtual time: the same code as in production, run as fast as the machine can, the same for the same seed. */
import { HoldfastError, InvalidOptionsError } from '../errors.ts';
import { seededRandom, uuidFrom } from '../internal/seeded-random.ts';
import { timerQueue } from '../internal/timer-queue.ts';
import type { Runtime } from './runtime.ts';
import { settled } from './system-runtime.ts';

export interface VirtualRuntimeOptions {
  /** Any integer. The same seed gives the same `random()` and `uuid()` sequences. */
  readonly seed: number;
  /** Wall clock at the start, epoch ms. Default 1,700,000,000,000 (November 2023). */
  readonly startMs?: number;
}

/** How one simulated machine's clocks differ from virtual time. */
export interface VirtualView {
  readonly seed: number;
  /** Added to `now()`. Default 0. */
  readonly wallOffsetMs?: number;
  /** Added to `monotonic()`. Default 0. */
  readonly monotonicOffsetMs?: number;
}

/** A {@link Runtime} whose time moves only when told to. */
export interface VirtualRuntime extends Runtime {
  /** Moves time on by `ms`, running each timer at its moment and everything that it sets off before the next. */
  advance(ms: number): Promise<void>;
  /**
   * Moves time on until `promise` settles, and answers as it does.
   * @throws VirtualTimeStuckError `HF_VIRTUAL_TIME_STUCK` when no timer is left that could settle it, or when it has
   * not settled after `limitMs` of virtual time (default 86,400,000, a day).
   */
  runUntil<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
  /** A second machine in the same virtual time, with clocks and chance of its own. */
  view(options: VirtualView): Runtime;
  /** Timers that have not fired. A test that ends with some left has found a leak. */
  readonly pendingTimers: number;
}

/** `HF_VIRTUAL_TIME_STUCK`: a promise awaited in virtual time can never settle, or did not within the limit. */
export class VirtualTimeStuckError extends HoldfastError {
  readonly code = 'HF_VIRTUAL_TIME_STUCK';
  readonly retryable = false;
  readonly afterMs: number;

  constructor(afterMs: number, why: string) {
    super(`virtual time is stuck ${afterMs} ms after the wait began: ${why}`);
    this.afterMs = afterMs;
  }
}

/**
 * Makes virtual time. Only timers and promises advance in it; real input or output inside is not waited for.
 * Timers due at the same moment run in the order in which they were set.
 */
export function virtualRuntime(options: VirtualRuntimeOptions): VirtualRuntime {
  const startMs = options.startMs ?? 1_700_000_000_000;
  if (!Number.isInteger(options.seed)) {
    throw new InvalidOptionsError('virtualRuntime', 'seed', 'an integer', options.seed);
  }
  if (!Number.isFinite(startMs)) {
    throw new InvalidOptionsError('virtualRuntime', 'startMs', 'epoch milliseconds', startMs);
  }
  let elapsedMs = 0;
  const timers = timerQueue();

  function view(machine: VirtualView): Runtime {
    const random = seededRandom(machine.seed);
    const wallMs = startMs + (machine.wallOffsetMs ?? 0);
    const monotonicMs = machine.monotonicOffsetMs ?? 0;
    const schedule: Runtime['schedule'] = (ms, run) => timers.add(elapsedMs + checkedMs(ms), run);
    return {
      now: () => wallMs + elapsedMs,
      monotonic: () => monotonicMs + elapsedMs,
      schedule,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const abort = (): void => {
            cancel();
            reject(signal?.reason);
          };
          const cancel = schedule(ms, () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          });
          signal?.addEventListener('abort', abort, { once: true });
        }),
      random,
      uuid: () => uuidFrom(random),
    };
  }

  /** Runs the next timer due by `untilMs`; false when there is none. */
  function fireNext(untilMs: number): boolean {
    const dueAtMs = timers.nextAtMs();
    if (dueAtMs === undefined || dueAtMs > untilMs) return false;
    elapsedMs = Math.max(elapsedMs, dueAtMs);
    timers.take()?.();
    return true;
  }

  async function advance(ms: number): Promise<void> {
    const untilMs = elapsedMs + checkedMs(ms);
    do await settled();
    while (fireNext(untilMs));
    elapsedMs = untilMs;
  }

  async function runUntil<T>(promise: Promise<T>, limitMs = 86_400_000): Promise<T> {
    const begunMs = elapsedMs;
    let done = false;
    const watched = promise.finally(() => {
      done = true;
    });
    watched.catch(() => {});
    for (;;) {
      await settled();
      if (done) return watched;
      if (fireNext(begunMs + limitMs)) continue;
      const why = timers.nextAtMs() === undefined ? 'no timer is left' : `not settled within ${limitMs} ms`;
      throw new VirtualTimeStuckError(elapsedMs - begunMs, why);
    }
  }

  return Object.freeze({
    ...view({ seed: options.seed }),
    advance,
    runUntil,
    view,
    get pendingTimers(): number {
      return timers.size;
    },
  });
}

function checkedMs(ms: number): number {
  if (ms >= 0 && Number.isFinite(ms)) return ms;
  throw new InvalidOptionsError('virtualRuntime', 'ms', 'a finite number of at least 0', ms);
}
