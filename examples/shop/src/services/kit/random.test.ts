import { expect, test } from 'vitest';
import { drawLatencyMs, MEDIAN_MS, type Work } from './latency.ts';
import { between, chanceOf, normal, pick, seededRandom, shuffled } from './random.ts';

const draw = <T>(count: number, one: () => T): T[] => Array.from({ length: count }, one);

test('the same seed and purpose give the same numbers, any other gives others', () => {
  const first = draw(50, seededRandom(1, 'a'));
  expect(draw(50, seededRandom(1, 'a'))).toEqual(first);
  for (const other of [draw(50, seededRandom(2, 'a')), draw(50, seededRandom(1, 'b'))]) {
    expect(other.filter((value) => first.includes(value))).toEqual([]);
  }
});

test('numbers are spread evenly over [0, 1)', () => {
  const buckets = Array.from({ length: 10 }, () => 0);
  for (const value of draw(10_000, seededRandom(7, 'even'))) {
    const at = Math.floor(value * 10);
    buckets[at] = (buckets[at] ?? 0) + 1;
  }
  expect(buckets).toHaveLength(10);
  for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test('whole numbers reach both bounds, picks reach every item', () => {
  const random = seededRandom(1, 'bounds');
  expect(new Set(draw(200, () => between(random, 3, 5)))).toEqual(new Set([3, 4, 5]));
  expect(new Set(draw(200, () => pick(random, ['a', 'b'])))).toEqual(new Set(['a', 'b']));
  expect(() => pick(random, [])).toThrow('cannot pick from an empty list');
});

test('a shuffle keeps every item and moves them', () => {
  const items = draw(100, () => 0).map((_, index) => index);
  const moved = shuffled(seededRandom(1, 'shuffle'), items);
  expect(moved).not.toEqual(items);
  expect(moved.toSorted((a, b) => a - b)).toEqual(items);
});

test('a chance depends on the text alone', () => {
  expect(chanceOf('o-1')).toBe(chanceOf('o-1'));
  const low = draw(1_000, () => 0).filter((_, index) => chanceOf(`o-${index}`) < 0.15);
  expect(Math.abs(low.length - 150)).toBeLessThan(40);
});

test('normal draws have mean 0 and deviation 1', () => {
  const random = seededRandom(3, 'normal');
  const values = draw(20_000, () => normal(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});

test.each<[work: Work, medianMs: number, share: number]>([
  ['search-products', 200, 0],
  ['search-history', 150, 0],
  ['search-recommendations', 300, 0.075],
  ['search-partner', 180, 0],
  ['payment', 40, 0],
])('%s takes %i ms in the middle and more than 400 ms in a share of %f', (work, medianMs, share) => {
  const random = seededRandom(1, work);
  const values = draw(10_000, () => drawLatencyMs(work, 1, random)).sort((a, b) => a - b);
  expect(MEDIAN_MS[work]).toBe(medianMs);
  expect(Math.abs((values[5_000] ?? 0) / medianMs - 1)).toBeLessThan(0.02);
  expect(Math.abs((values[9_500] ?? 0) / medianMs - Math.exp(0.2 * 1.645))).toBeLessThan(0.05);
  expect(Math.abs(values.filter((value) => value > 400).length / 10_000 - share)).toBeLessThan(0.01);
  expect(values.at(-1)).toBeLessThanOrEqual(3 * medianMs);
});

test('the scale stretches a latency, 0 switches it off', () => {
  const at = (scale: number): number => drawLatencyMs('payment', scale, seededRandom(1, 'scale'));
  expect(at(10)).toBeCloseTo(10 * at(1));
  expect(at(0)).toBe(0);
});
