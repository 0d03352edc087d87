import { expect, test } from 'vitest';
import { LATENCY_BOUNDS_MS, latencyOf } from './latency.ts';

const filled = (durationsMs: readonly number[]) =>
  latencyOf(durationsMs).buckets.filter(({ count }) => count > 0);

test.each([
  { name: 'nothing', durationsMs: [], buckets: [] },
  {
    name: 'a bound belongs to its bucket',
    durationsMs: [5, 10],
    buckets: [
      [5, 1],
      [10, 1],
    ],
  },
  { name: 'just above a bound belongs to the next', durationsMs: [5.001], buckets: [[10, 1]] },
  { name: 'zero is in the first', durationsMs: [0, 1, 4.9], buckets: [[5, 3]] },
  {
    name: 'beyond the last bound',
    durationsMs: [10_000, 10_001, 99_999],
    buckets: [
      [10_000, 1],
      [null, 2],
    ],
  },
])('$name', ({ durationsMs, buckets }) => {
  expect(filled(durationsMs)).toEqual(buckets.map(([upToMs, count]) => ({ upToMs, count })));
});

test('every bucket is present, bounds ascend, the last has none, and counts add up', () => {
  const latency = latencyOf([3, 40, 40, 700, 20_000]);
  expect(latency.buckets.map(({ upToMs }) => upToMs)).toEqual([...LATENCY_BOUNDS_MS, null]);
  expect(LATENCY_BOUNDS_MS).toEqual(LATENCY_BOUNDS_MS.toSorted((a, b) => a - b));
  expect(latency).toMatchObject({ count: 5, p50Ms: 40, p95Ms: 20_000, p99Ms: 20_000 });
  expect(latency.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(5);
});
