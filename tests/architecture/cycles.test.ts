import { expect, test } from 'vitest';
import { cycles } from './cycles.ts';

test.each([
  { name: 'nothing', edges: [], circles: [] },
  { name: 'a diamond', edges: ['a b', 'a c', 'b d', 'c d'], circles: [] },
  { name: 'a circle of two', edges: ['a b', 'b a'], circles: [['a', 'b']] },
  { name: 'a circle behind a tail', edges: ['a b', 'b c', 'c d', 'd b'], circles: [['b', 'c', 'd']] },
  { name: 'two circles that touch', edges: ['a b', 'b a', 'b c', 'c b'], circles: [['a', 'b', 'c']] },
  {
    name: 'two circles apart',
    edges: ['a b', 'b a', 'b c', 'c d', 'd c'],
    circles: [
      ['c', 'd'],
      ['a', 'b'],
    ],
  },
  { name: 'itself', edges: ['a a'], circles: [['a']] },
  { name: 'an unknown node', edges: ['a elsewhere'], circles: [] },
])('finds the circles of $name', ({ edges, circles }) => {
  const graph = new Map<string, string[]>();
  for (const edge of edges) {
    const [from = '', to = ''] = edge.split(' ');
    graph.set(from, [...(graph.get(from) ?? []), to]);
    if (to !== 'elsewhere' && !graph.has(to)) graph.set(to, []);
  }
  expect(cycles(graph)).toEqual(circles);
});
