/**
 * The fleet's rate as one instance sees it: differences between the cumulative totals that it read, on its own
 * monotonic clock. No bucket is named by wall clock time, so that skewed clocks cannot hide or double a count.
 */
import type { Counts, Tally } from './window.ts';

/** What the fleet did within the window. */
export interface FleetTally extends Tally {
  /** Instances that synced; two that share a slot count as one, so the number is a lower bound. */
  readonly instances: number;
  /** Those among them that saw trouble; a lower bound too, so that one sick instance never looks like two. */
  readonly failing: number;
}

export interface FleetWindow {
  /** An epoch that this instance saw begin: all its counts are recent. */
  begin(epoch: number, nowMs: number): void;
  /** Totals as they were answered after `own` had been added. */
  observe(epoch: number, nowMs: number, totals: Totals, own: Totals): void;
  tally(): FleetTally;
}

export type Totals = Readonly<Record<string, number>>;

/** Slots for instances: bounds the fields of an item however many instances come and go. */
const SLOTS = 256;

/** The fields that one sync of an instance adds. */
export function presenceFields(instanceId: string, failing: boolean): Totals {
  const slot = slotOf(instanceId);
  return failing ? { [`n${slot}`]: 1, [`f${slot}`]: 1 } : { [`n${slot}`]: 1 };
}

/** `late` counts were published too long after the calls to say anything about now; they only keep the sums whole. */
export function countFields(counts: Counts, late: boolean): Totals {
  const prefix = late ? 'late.' : '';
  return {
    ...(counts.successes > 0 && { [`${prefix}successes`]: counts.successes }),
    ...(counts.failures > 0 && { [`${prefix}failures`]: counts.failures }),
    ...(counts.slow > 0 && { [`${prefix}slow`]: counts.slow }),
  };
}

export function fleetWindow(windowMs: number): FleetWindow {
  let epoch = -1;
  /** Oldest first; the first is the baseline. Bounded by the syncs in a window and one. */
  let seen: { readonly atMs: number; readonly totals: Totals }[] = [];

  return {
    begin(next, nowMs) {
      epoch = next;
      seen = [{ atMs: nowMs, totals: {} }];
    },
    observe(at, nowMs, totals, own) {
      const last = seen.at(-1);
      if (at !== epoch || last === undefined || nowMs - last.atMs > windowMs) {
        epoch = at;
        seen = [{ atMs: nowMs, totals: minus(totals, own) }];
      }
      seen.push({ atMs: nowMs, totals });
      const first = seen.findLastIndex((each) => each.atMs <= nowMs - windowMs);
      if (first > 0) seen = seen.slice(first);
    },
    tally() {
      const last = seen.at(-1)?.totals ?? {};
      const since = minus(last, seen[0]?.totals ?? {});
      const successes = since['successes'] ?? 0;
      const failures = since['failures'] ?? 0;
      const slow = since['slow'] ?? 0;
      return {
        calls: successes + failures + slow,
        successes,
        failures,
        slow,
        instances: slotsSeen(since, 'n'),
        failing: slotsSeen(since, 'f'),
      };
    },
  };
}

function minus(totals: Totals, earlier: Totals): Totals {
  return Object.fromEntries(
    Object.entries(totals).map(([field, total]) => [field, Math.max(0, total - (earlier[field] ?? 0))]),
  );
}

function slotsSeen(since: Totals, prefix: 'n' | 'f'): number {
  let slots = 0;
  for (let slot = 0; slot < SLOTS; slot += 1) if ((since[`${prefix}${slot}`] ?? 0) > 0) slots += 1;
  return slots;
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits. */
function slotOf(instanceId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < instanceId.length; index += 1) {
    hash = Math.imul(hash ^ instanceId.charCodeAt(index), 0x01000193);
  }
  return ((hash ^ (hash >>> 16)) >>> 0) % SLOTS;
}
