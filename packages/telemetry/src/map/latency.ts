// The latency histogram of one service, over bounds that stay the same so that two readings can be compared.
import { type Percentiles, percentiles } from './percentile.ts';

/**
 * Upper bounds of the histogram's buckets in ms, each inclusive: those OpenTelemetry's specification gives as the
 * default of an explicit-bucket histogram ("Metrics SDK", Explicit Bucket Histogram Aggregation), without its 0.
 */
export const LATENCY_BOUNDS_MS: readonly number[] = Object.freeze([
  5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000,
]);

/** How many calls took longer than the bucket before and at most `upToMs`; `null` is the last, without a bound. */
export interface LatencyBucket {
  readonly upToMs: number | null;
  readonly count: number;
}

/** The distribution of one service's answers. `count` is the sum over the buckets. */
export interface Latency extends Percentiles {
  readonly buckets: readonly LatencyBucket[];
  readonly count: number;
}

/** Sorts `durationsMs` into the buckets of {@link LATENCY_BOUNDS_MS}, and takes the percentiles. Pure. */
export function latencyOf(durationsMs: readonly number[]): Latency {
  const counts = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
  for (const durationMs of durationsMs) {
    const fitting = LATENCY_BOUNDS_MS.findIndex((upToMs) => durationMs <= upToMs);
    const index = fitting === -1 ? LATENCY_BOUNDS_MS.length : fitting;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return {
    buckets: counts.map((count, index) => ({ upToMs: LATENCY_BOUNDS_MS[index] ?? null, count })),
    count: durationsMs.length,
    ...percentiles(durationsMs),
  };
}
