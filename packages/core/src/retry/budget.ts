/** Keeps retries a small share of all calls, so that they cannot multiply the load on a dependency that is down. */
import { optionsReader } from '../internal/options-reader.ts';
import type { Runtime } from '../ports/runtime.ts';
import { systemRuntime } from '../ports/system-runtime.ts';

export interface RetryBudgetOptions {
  /** Retries allowed for each first attempt in the window, 0..1. Default 0.2. */
  readonly ratio?: number;
  /** Retries per second allowed whatever the traffic, so that quiet callers can retry too, 0 to 1,000. Default 1. */
  readonly minPerSecond?: number;
  /** How long a call counts, 100 to 600,000 ms. Default 10,000. */
  readonly windowMs?: number;
}

/** Shared by any number of retry policies; one per dependency is usual. */
export interface RetryBudget {
  /** Counts a first attempt. */
  deposit(): void;
  /** Takes one retry, or answers false when none is left. */
  withdraw(): boolean;
  /** Retries that could be taken now. */
  readonly balance: number;
}

export interface RetryBudgetDeps {
  /** Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
}

const SLICES = 10;

/**
 * A budget of retries: in any window at most `ratio` of the first attempts plus `minPerSecond` per second.
 * After Finagle's `RetryBudget` and "Site Reliability Engineering" (Google, 2016), chapter 21 "Handling Overload".
 * Tokens leave with the calls that earned them, so that a long quiet time cannot save up for a storm. The window
 * moves in tenths of `windowMs`; memory is constant.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function retryBudget(options: RetryBudgetOptions = {}, deps: RetryBudgetDeps = {}): RetryBudget {
  const read = optionsReader('retryBudget', options);
  const ratio = read.ratio('ratio', 0.2, 'zero');
  const minPerSecond = read.integer('minPerSecond', 1, 0, 1_000);
  const windowMs = read.durationMs('windowMs', 10_000, 100, 600_000);
  const runtime = deps.runtime ?? systemRuntime;
  const sliceMs = windowMs / SLICES;
  const reserve = (minPerSecond * windowMs) / 1_000;
  const slices = Array.from({ length: SLICES }, () => ({ number: -1, calls: 0, retries: 0 }));

  function current(): { calls: number; retries: number } | undefined {
    const number = Math.floor(runtime.monotonic() / sliceMs);
    const slice = slices[number % SLICES];
    if (slice !== undefined && slice.number !== number) {
      slice.number = number;
      slice.calls = 0;
      slice.retries = 0;
    }
    return slice;
  }

  function balance(): number {
    const oldest = Math.floor(runtime.monotonic() / sliceMs) - SLICES;
    let earned = reserve;
    for (const slice of slices) {
      if (slice.number > oldest) earned += slice.calls * ratio - slice.retries;
    }
    // Sums of ratios such as 0.2 fall a hair short of the whole number that they stand for.
    return Math.max(0, Math.floor(earned + 1e-9));
  }

  return {
    deposit() {
      const slice = current();
      if (slice !== undefined) slice.calls += 1;
    },
    withdraw() {
      if (balance() < 1) return false;
      const slice = current();
      if (slice !== undefined) slice.retries += 1;
      return true;
    },
    get balance() {
      return balance();
    },
  };
}
