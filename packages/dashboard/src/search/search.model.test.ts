import { expect, test } from 'vitest';
import { aSource } from '../../dev/examples.ts';
import type { SearchSource } from '../contract.ts';
import { completenessOf, searchWaterfall, sourceTitle } from './search.model.ts';

test('the deadline’s line stands at four fifths, however fast the sources are', () => {
  const { axisMs, deadline, bars } = searchWaterfall({
    deadlineMs: 400,
    sources: [aSource('products', { startedMs: 50, elapsedMs: 100 })],
  });
  expect([axisMs, deadline]).toEqual([500, 0.8]);
  expect(bars.map(({ start, width }) => [start, width])).toEqual([[0.1, 0.2]]);
});

test('a source that ran past everything makes the axis longer, not the bar', () => {
  const { axisMs, deadline, bars } = searchWaterfall({
    deadlineMs: 400,
    sources: [aSource('partner', { elapsedMs: 800 })],
  });
  expect([axisMs, deadline, bars[0]?.width]).toEqual([800, 0.5, 1]);
});

test('a source that never began still leaves a mark', () => {
  expect(
    searchWaterfall({ deadlineMs: 400, sources: [aSource('partner', { elapsedMs: 0 })] }).bars[0]?.width,
  ).toBeGreaterThan(0);
});

test.each<[sources: readonly SearchSource[], words: string]>([
  [[aSource('a'), aSource('b')], 'all 2 sources complete'],
  [[aSource('a'), aSource('b', { status: 'missing' })], '1 of 2 sources complete; b missing'],
  [
    [
      aSource('a', { status: 'fallback' }),
      aSource('b', { status: 'partial' }),
      aSource('c', { status: 'fallback' }),
      aSource('d'),
    ],
    '1 of 4 sources complete; b partial, a and c from memory',
  ],
])('completeness %#', (sources, words) => expect(completenessOf({ sources })).toBe(words));

test('a source’s title says what went wrong', () => {
  expect(
    sourceTitle(
      aSource('partner', {
        status: 'missing',
        itemCount: 0,
        error: { code: 'HF_TIMEOUT', message: 'no answer' },
      }),
    ),
  ).toBe('partner: missing, 0 items in 100 ms. HF_TIMEOUT: no answer');
  expect(sourceTitle(aSource('products', { itemCount: 1 }))).toBe('products: complete, 1 item in 100 ms');
});
