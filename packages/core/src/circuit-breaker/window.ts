/** Counts the calls of the last `windowMs` in a ring of time buckets: constant memory, constant time. */

/** What happened to one call, as the window sees it. `slow` is a success that took too long. */
export type Outcome = 'success' | 'failure' | 'slow';

export interface Counts {
  readonly successes: number;
  readonly failures: number;
  readonly slow: number;
}

export interface Tally extends Counts {
  readonly calls: number;
}

export interface Bucket extends Counts {
  /** On the clock of `nowMs`. */
  readonly startMs: number;
}

/** All times are monotonic ms. The window moves one bucket at a time, so it spans between `windowMs` less one bucket and `windowMs`. */
export interface SlidingWindow {
  record(outcome: Outcome, nowMs: number): void;
  tally(nowMs: number): Tally;
  /** Oldest first, the current one last; empty ones included. */
  buckets(nowMs: number): readonly Bucket[];
  clear(): void;
}

interface Slot {
  number: number;
  successes: number;
  failures: number;
  slow: number;
}

export function slidingWindow(windowMs: number, buckets: number): SlidingWindow {
  const bucketMs = windowMs / buckets;
  const ring: Slot[] = Array.from({ length: buckets }, () => ({
    number: -1,
    successes: 0,
    failures: 0,
    slow: 0,
  }));
  /** The newest bucket number seen; everything up to `newest - buckets` has left the totals. */
  let newest = -1;
  const total: Slot = { number: 0, successes: 0, failures: 0, slow: 0 };

  function evict(slot: Slot): void {
    total.successes -= slot.successes;
    total.failures -= slot.failures;
    total.slow -= slot.slow;
    slot.number = -1;
    slot.successes = 0;
    slot.failures = 0;
    slot.slow = 0;
  }

  function moveTo(nowMs: number): void {
    const number = Math.floor(nowMs / bucketMs);
    if (number <= newest) return;
    newest = number;
    for (const slot of ring) {
      if (slot.number >= 0 && slot.number <= number - buckets) evict(slot);
    }
  }

  return {
    record(outcome, nowMs) {
      moveTo(nowMs);
      const slot = ring[newest % buckets];
      if (slot === undefined) return;
      slot.number = newest;
      const field = FIELDS[outcome];
      slot[field] += 1;
      total[field] += 1;
    },
    tally(nowMs) {
      moveTo(nowMs);
      const { successes, failures, slow } = total;
      return { calls: successes + failures + slow, successes, failures, slow };
    },
    buckets(nowMs) {
      moveTo(nowMs);
      return Array.from({ length: buckets }, (_, index) => {
        const number = newest - buckets + 1 + index;
        const slot = ring[number % buckets];
        const { successes, failures, slow } = slot?.number === number ? slot : EMPTY;
        return { startMs: number * bucketMs, successes, failures, slow };
      });
    },
    clear() {
      for (const slot of ring) if (slot.number >= 0) evict(slot);
    },
  };
}

const EMPTY: Counts = { successes: 0, failures: 0, slow: 0 };
const FIELDS = { success: 'successes', failure: 'failures', slow: 'slow' } as const;
