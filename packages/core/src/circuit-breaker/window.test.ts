import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from './window.ts';
import { slidingWindow } from './window.ts';

test('counts exactly the calls of the buckets that are left, however time moves', () => {
  const outcome = fc.constantFrom<Outcome>('success', 'failure', 'slow');
  const calls = fc.array(fc.record({ waitMs: fc.oneof(fc.nat(40), fc.nat(2_000)), outcome }), {
    maxLength: 100,
    size: 'max',
  });
  let evicted = 0;
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 12 }), fc.nat(10_000), (history, buckets, startMs) => {
      const bucketMs = 50;
      const window = slidingWindow(bucketMs * buckets, buckets);
      const seen: { number: number; outcome: Outcome }[] = [];
      let nowMs = startMs;
      for (const call of history) {
        nowMs += call.waitMs;
        window.record(call.outcome, nowMs);
        const newest = Math.floor(nowMs / bucketMs);
        seen.push({ number: newest, outcome: call.outcome });
        const live = seen.filter(({ number }) => number > newest - buckets);
        evicted += seen.length - live.length;
        const count = (wanted: Outcome): number => live.filter((each) => each.outcome === wanted).length;
        const expected = {
          calls: live.length,
          successes: count('success'),
          failures: count('failure'),
          slow: count('slow'),
        };
        expect(window.tally(nowMs)).toEqual(expected);
        const shown = window.buckets(nowMs);
        expect(shown.map(({ startMs: at }) => at)).toEqual(
          Array.from({ length: buckets }, (_, index) => (newest - buckets + 1 + index) * bucketMs),
        );
        expect(shown.reduce((sum, each) => sum + each.failures, 0)).toBe(expected.failures);
      }
      window.clear();
      expect(window.tally(nowMs).calls).toBe(0);
    }),
  );
  expect(evicted).toBeGreaterThan(0);
});

test('empties as time passes without calls', () => {
  const window = slidingWindow(1_000, 10);
  window.record('failure', 50);
  expect([window.tally(999).calls, window.tally(1_000).calls]).toEqual([1, 0]);
});
