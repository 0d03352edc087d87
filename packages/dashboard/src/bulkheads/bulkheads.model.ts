/** Bulkheads of all workers, summed by tier. Pure. */
import type { BulkheadView, Tier } from '../contract.ts';
import type { Tone } from '../kit/tone.model.ts';

export interface TierView {
  readonly tier: Tier;
  readonly active: number;
  readonly maxConcurrent: number;
  readonly queued: number;
  readonly maxQueued: number;
  readonly rejected: number;
  readonly workers: readonly BulkheadView[];
}

const TIERS: readonly Tier[] = ['critical', 'standard', 'non-critical'];

/** Always all three tiers, in order of importance, so that nothing jumps when a worker comes or goes. */
export function tiersOf(bulkheads: readonly BulkheadView[]): readonly TierView[] {
  return TIERS.map((tier) => {
    const workers = bulkheads.filter((bulkhead) => bulkhead.tier === tier);
    const sum = (of: (bulkhead: BulkheadView) => number): number =>
      workers.reduce((total, each) => total + of(each), 0);
    return {
      ...{
        tier,
        workers,
        active: sum(({ active }) => active),
        maxConcurrent: sum(({ maxConcurrent }) => maxConcurrent),
      },
      ...{
        queued: sum(({ queued }) => queued),
        maxQueued: sum(({ maxQueued }) => maxQueued),
        rejected: sum(({ rejected }) => rejected),
      },
    };
  });
}

export function occupancy({ active, maxConcurrent }: Pick<TierView, 'active' | 'maxConcurrent'>): number {
  return maxConcurrent === 0 ? 0 : Math.min(1, active / maxConcurrent);
}

/** Full with a queue is bad, nearly full is a warning. */
export function pressure(view: Pick<TierView, 'active' | 'maxConcurrent' | 'queued'>): Tone {
  if (view.maxConcurrent === 0) return 'quiet';
  if (view.queued > 0 && occupancy(view) >= 1) return 'bad';
  return occupancy(view) >= 0.8 || view.queued > 0 ? 'warn' : 'good';
}

export function wordsOf({
  active,
  maxConcurrent,
  queued,
  rejected,
}: Pick<TierView, 'active' | 'maxConcurrent' | 'queued' | 'rejected'>): string {
  return `${active} of ${maxConcurrent} in use, ${queued} queued, ${rejected} rejected`;
}
