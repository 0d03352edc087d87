import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentile, percentiles } from './percentile.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => index + 1);

test.each([
  { name: 'no samples', sorted: [], ratio: 0.5, is: 0 },
  { name: 'one sample is every percentile', sorted: [7], ratio: 0.99, is: 7 },
  { name: 'median of two is the lower, never a mean', sorted: [10, 20], ratio: 0.5, is: 10 },
  { name: 'median of three', sorted: [10, 20, 30], ratio: 0.5, is: 20 },
  { name: 'p95 of 1..100', sorted: oneToHundred, ratio: 0.95, is: 95 },
  { name: 'p99 of 1..100', sorted: oneToHundred, ratio: 0.99, is: 99 },
  { name: 'p99 of ten is the greatest', sorted: oneToHundred.slice(0, 10), ratio: 0.99, is: 10 },
  { name: 'ratio 0 is the least', sorted: [3, 4, 5], ratio: 0, is: 3 },
  { name: 'ratio 1 is the greatest', sorted: [3, 4, 5], ratio: 1, is: 5 },
])('$name', ({ sorted, ratio, is }) => {
  expect(percentile(sorted, ratio)).toBe(is);
});

test('sorts by number, not by text, and leaves its argument alone', () => {
  const samples = [100, 9, 80, 2];
  expect(percentiles(samples)).toEqual({ p50Ms: 9, p95Ms: 100, p99Ms: 100 });
  expect(samples).toEqual([100, 9, 80, 2]);
});

test('law: it is the smallest sample that at least that share of the samples does not exceed', () => {
  const reached = { ties: false, inside: false };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200, size: 'max' }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (samples, ratio) => {
        const sorted = samples.toSorted((a, b) => a - b);
        const found = percentile(sorted, ratio);
        const atMost = sorted.filter((sample) => sample <= found).length;
        const below = sorted.filter((sample) => sample < found).length;
        expect(sorted).toContain(found);
        expect(atMost).toBeGreaterThanOrEqual(ratio * sorted.length);
        expect(below).toBeLessThan(ratio * sorted.length);
        reached.ties ||= atMost - below > 1;
        reached.inside ||= below > 0 && atMost < sorted.length;
      },
    ),
  );
  expect(reached).toEqual({ ties: true, inside: true });
});
