import { expect, test } from 'vitest';
import type { ServiceMapView } from '../contract.ts';
import { healthLook, mapLayout, shapeOf, strokeOf } from './map.model.ts';

const numbers = { calls: 10, errors: 0, ratePerSecond: 1, p50Ms: 1, p95Ms: 2, p99Ms: 3 };
const map = (services: readonly string[], edges: readonly (readonly [string, string])[]): ServiceMapView => ({
  windowMs: 60_000,
  nodes: services.map((service) => ({ service, ...numbers })),
  edges: edges.map(([from, to]) => ({ from, to, ...numbers })),
});
const chain = map(
  ['api', 'worker', 'payment'],
  [
    ['api', 'worker'],
    ['worker', 'payment'],
  ],
);

test('callers stand left of those they call', () => {
  const { boxes } = mapLayout(chain);
  const xs = ['api', 'worker', 'payment'].map((name) => boxes.get(name)?.x ?? Number.NaN);
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  expect(new Set(xs).size).toBe(3);
});

test('places depend on who calls whom, not on the numbers nor on the order in which they are told', () => {
  const told = {
    ...chain,
    nodes: chain.nodes.toReversed().map((node) => ({ ...node, calls: 99 })),
    edges: chain.edges.toReversed(),
  };
  expect(shapeOf(told)).toBe(shapeOf(chain));
  expect([...mapLayout(told).boxes].sort()).toEqual([...mapLayout(chain).boxes].sort());
  expect(shapeOf(map(['api'], []))).not.toBe(shapeOf(chain));
});

test('an empty map, a call to oneself and an edge to nobody are drawn without harm', () => {
  expect(mapLayout(map([], []))).toMatchObject({ width: expect.any(Number), height: expect.any(Number) });
  expect([
    ...mapLayout(
      map(
        ['api'],
        [
          ['api', 'api'],
          ['api', 'ghost'],
        ],
      ),
    ).boxes.keys(),
  ]).toEqual(['api']);
});

test.each([
  [0, 0, 'idle quiet ring'],
  [100, 1, 'healthy good check'],
  [100, 2, 'unwell warn half'],
  [100, 20, 'unwell warn half'],
  [100, 21, 'failing bad cross'],
])('%d calls with %d errors look %s', (calls, errors, look) => {
  const { word, tone, icon } = healthLook({ calls, errors });
  expect(`${word} ${tone} ${icon}`).toBe(look);
});

test.each([
  [-1, 1],
  [0, 1],
  [1, 2],
  [3, 3],
  [10_000, 5],
])('%d calls a second are a line of %d', (rate, width) => expect(strokeOf(rate)).toBe(width));
