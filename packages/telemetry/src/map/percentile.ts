// One definition of a percentile for every latency shown, so that the map, the histogram and the tests agree.

/** The three percentiles of a set of durations, in milliseconds; all 0 when there is no sample. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/**
 * The nearest-rank percentile: the smallest sample such that at least `ratio` of all samples are less than or
 * equal to it (Hyndman and Fan 1996, "Sample Quantiles in Statistical Packages", definition 1). It is always a
 * duration that was really measured, never an interpolation.
 *
 * @param sorted samples in ascending order
 * @param ratio 0..1; 0 gives the least sample, 1 the greatest
 * @returns 0 for no samples
 */
export function percentile(sorted: ArrayLike<number>, ratio: number): number {
  const rank = Math.max(1, Math.ceil(ratio * sorted.length));
  return sorted[rank - 1] ?? 0;
}

/** p50, p95 and p99 of unsorted `samples`, which are left as they are. Costs one sort, O(n log n). */
export function percentiles(samples: Iterable<number>): Percentiles {
  const sorted = Float64Array.from(samples).sort();
  return {
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    p99Ms: percentile(sorted, 0.99),
  };
}
