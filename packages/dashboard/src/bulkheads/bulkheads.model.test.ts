import { expect, test } from 'vitest';
import { aBulkhead } from '../../dev/examples.ts';
import { occupancy, pressure, tiersOf, wordsOf } from './bulkheads.model.ts';

test('tiers are summed over workers and always all there, the most important first', () => {
  const tiers = tiersOf([
    aBulkhead({ tier: 'standard', active: 3, queued: 1, rejected: 2 }),
    aBulkhead({ tier: 'standard', active: 4, worker: 'worker-2' }),
  ]);
  expect(
    tiers.map(({ tier, active, maxConcurrent, queued, rejected, workers }) => [
      tier,
      active,
      maxConcurrent,
      queued,
      rejected,
      workers.length,
    ]),
  ).toEqual([
    ['critical', 0, 0, 0, 0, 0],
    ['standard', 7, 64, 1, 2, 2],
    ['non-critical', 0, 0, 0, 0, 0],
  ]);
});

test.each([
  ['no worker has spoken', { active: 0, maxConcurrent: 0, queued: 0 }, 0, 'quiet'],
  ['idle', { active: 0, maxConcurrent: 10, queued: 0 }, 0, 'good'],
  ['busy', { active: 7, maxConcurrent: 10, queued: 0 }, 0.7, 'good'],
  ['nearly full', { active: 8, maxConcurrent: 10, queued: 0 }, 0.8, 'warn'],
  ['full, nobody waits', { active: 10, maxConcurrent: 10, queued: 0 }, 1, 'warn'],
  ['full, and calls wait', { active: 10, maxConcurrent: 10, queued: 1 }, 1, 'bad'],
  ['one worker full, the sum not', { active: 5, maxConcurrent: 10, queued: 1 }, 0.5, 'warn'],
  ['shrunk below what is in use', { active: 12, maxConcurrent: 10, queued: 0 }, 1, 'warn'],
])('%s', (_why, view, ratio, tone) => expect([occupancy(view), pressure(view)]).toEqual([ratio, tone]));

test('in words', () => {
  expect(wordsOf({ active: 3, maxConcurrent: 32, queued: 1, rejected: 9 })).toBe(
    '3 of 32 in use, 1 queued, 9 rejected',
  );
});
