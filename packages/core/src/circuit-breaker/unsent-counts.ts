/** Counts on their way to the store: each is handed out once, and comes back only when it certainly was not written. */
import type { Counts, Outcome } from './window.ts';

export interface CountsBatch {
  /** The epoch in which the calls were made, which names the item that they belong to. */
  readonly epoch: number;
  readonly counts: Counts;
  /** True when they are too old to say anything about the rate. */
  readonly late: boolean;
}

export interface UnsentCounts {
  record(epoch: number, outcome: Outcome): void;
  /** Everything that is unsent; those that are not late at most one batch, of `epoch`. */
  take(epoch: number): readonly CountsBatch[];
  /** Keeps the counts of a write that did not happen; they are late from then on. */
  giveBack(batch: CountsBatch): void;
  readonly isEmpty: boolean;
}

/** Epochs kept apart; counts of older ones join the oldest that is kept, so that sums stay whole. */
const MAX_EPOCHS = 8;

export function unsentCounts(): UnsentCounts {
  let fresh: CountsBatch | undefined;
  const late = new Map<number, Counts>();

  function keepLate(epoch: number, counts: Counts): void {
    late.set(epoch, plus(late.get(epoch) ?? none, counts));
    if (late.size <= MAX_EPOCHS) return;
    const [oldest = epoch, next = epoch] = [...late.keys()].sort((a, b) => a - b);
    const moved = late.get(oldest) ?? none;
    late.delete(oldest);
    late.set(next, plus(late.get(next) ?? none, moved));
  }

  return {
    record(epoch, outcome) {
      if (fresh !== undefined && fresh.epoch !== epoch) {
        keepLate(fresh.epoch, fresh.counts);
        fresh = undefined;
      }
      fresh = { epoch, late: false, counts: plus(fresh?.counts ?? none, one[outcome]) };
    },
    take(epoch) {
      if (fresh !== undefined && fresh.epoch !== epoch) {
        keepLate(fresh.epoch, fresh.counts);
        fresh = undefined;
      }
      const batches = [...late].map(([of, counts]): CountsBatch => ({ epoch: of, counts, late: true }));
      if (fresh !== undefined) batches.push(fresh);
      fresh = undefined;
      late.clear();
      return batches;
    },
    giveBack: (batch) => keepLate(batch.epoch, batch.counts),
    get isEmpty() {
      return fresh === undefined && late.size === 0;
    },
  };
}

export function callsIn(counts: Counts): number {
  return counts.successes + counts.failures + counts.slow;
}

const none: Counts = Object.freeze({ successes: 0, failures: 0, slow: 0 });

const one: Readonly<Record<Outcome, Counts>> = Object.freeze({
  success: { ...none, successes: 1 },
  failure: { ...none, failures: 1 },
  slow: { ...none, slow: 1 },
});

function plus(left: Counts, right: Counts): Counts {
  return {
    successes: left.successes + right.successes,
    failures: left.failures + right.failures,
    slow: left.slow + right.slow,
  };
}
