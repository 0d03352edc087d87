import { describe, expect, test } from 'vitest';
import { aBreaker } from '../../dev/examples.ts';
import type { BreakerTransition, BreakerView } from '../contract.ts';
import { barsOf, dependenciesOf, outlook, recentTransitions, workerWords } from './breakers.model.ts';

const second = { worker: 'worker-2' };
const bucket = (successes: number, failures = 0, slow = 0): BreakerView['window'][number] => ({
  successes,
  failures,
  slow,
});

describe('breakers by dependency', () => {
  test.each<[why: string, breakers: readonly BreakerView[], row: string]>([
    ['all closed', [aBreaker('payment'), aBreaker('payment', second)], 'closed, , 0'],
    [
      'the worst state leads',
      [aBreaker('payment'), aBreaker('payment', { ...second, state: 'open', reopensInMs: 2_500 })],
      'open, 1 of 2, 2500',
    ],
    [
      'open on all: the first probe counts',
      [
        aBreaker('payment', { state: 'open', reopensInMs: 900 }),
        aBreaker('payment', { ...second, state: 'open', reopensInMs: 2_500 }),
      ],
      'open, , 900',
    ],
    [
      'half-open is worse than closed',
      [aBreaker('payment', { state: 'half-open' }), aBreaker('payment', second)],
      'half-open, 1 of 2, 0',
    ],
  ])('%s', (_why, breakers, row) => {
    const [view] = dependenciesOf(breakers);
    expect(`${view?.state}, ${view?.agreement}, ${view?.reopensInMs}`).toBe(row);
  });

  test('ratios are of the sum, not the mean of ratios', () => {
    const [view] = dependenciesOf([
      aBreaker('payment', { calls: 90, failures: 0 }),
      aBreaker('payment', { ...second, calls: 10, failures: 10 }),
    ]);
    expect([view?.calls, view?.failureRatio]).toEqual([100, 0.1]);
  });

  test('windows add up, aligned at the newest bucket', () => {
    const [view] = dependenciesOf([
      aBreaker('payment', { window: [bucket(1), bucket(2), bucket(3, 1)] }),
      aBreaker('payment', { ...second, window: [bucket(10), bucket(20, 0, 2)] }),
    ]);
    expect(view?.window).toEqual([bucket(1), bucket(12), bucket(23, 1, 2)]);
  });

  test('rows keep the shop’s order, and a store that one worker lost is said', () => {
    const rows = dependenciesOf([
      aBreaker('zeta', { store: 'down' }),
      aBreaker('alpha'),
      aBreaker('zeta', second),
    ]);
    expect(rows.map(({ dependency, storeDown }) => [dependency, storeDown])).toEqual([
      ['zeta', true],
      ['alpha', false],
    ]);
  });
});

test('bars are scaled to the fullest bucket, and a lone failure does not look like a wall', () => {
  expect(barsOf([bucket(6, 2), bucket(0, 0, 4)])).toEqual([
    { successes: 0.75, slow: 0, failures: 0.25 },
    { successes: 0, slow: 0.5, failures: 0 },
  ]);
  expect(barsOf([bucket(0, 1)])).toEqual([{ successes: 0, slow: 0, failures: 0.25 }]);
});

test.each([
  [{ state: 'closed', reopensInMs: 0 }, ''],
  [{ state: 'open', reopensInMs: 2_001 }, 'probe in 3 s'],
  [{ state: 'open', reopensInMs: 0 }, 'probe is due'],
  [{ state: 'half-open', reopensInMs: 0 }, 'probing'],
] as const)('outlook %j is %j', (view, words) => expect(outlook(view)).toBe(words));

test('a worker’s own view says who decided, at which epoch, and what it lost', () => {
  const view = aBreaker('payment', {
    state: 'half-open',
    scope: 'instance',
    calls: 1,
    failures: 1,
    epoch: 9,
    probesInFlight: 2,
    store: 'down',
  });
  expect(workerWords(view)).toBe(
    '1 call · 1 failed · 0 slow · decided by this worker alone · epoch 9 · 2 probes under way · its store is down',
  );
});

test('one change seen by two workers is told once, by its first sight, the latest change first', () => {
  const base: BreakerTransition = {
    dependency: 'partner',
    worker: 'worker-1',
    from: 'closed',
    to: 'open',
    epoch: 2,
    reason: 'r',
    atMs: 100,
  };
  const all = [
    { ...base, atMs: 140, worker: 'worker-2' },
    base,
    { ...base, from: 'open', to: 'half-open', epoch: 3, atMs: 900 } as const,
  ];
  expect(recentTransitions(all, 5).map(({ to, worker, workers }) => [to, worker, workers])).toEqual([
    ['half-open', 'worker-1', 1],
    ['open', 'worker-1', 2],
  ]);
  expect(recentTransitions(all, 1)).toHaveLength(1);
});
