import { expect, test } from 'vitest';
import { merged, workers } from './workers.ts';

test('each worker is asked first in its turn', () => {
  const { inTurn } = workers(['a', 'b']);
  expect([inTurn(), inTurn(), inTurn()]).toEqual([
    ['a', 'b'],
    ['b', 'a'],
    ['a', 'b'],
  ]);
});

test('a worker that let a request run out of time is asked last for a while', () => {
  const { inTurn, distrust } = workers(['a', 'b']);
  distrust('a');
  expect([inTurn(), inTurn()]).toEqual([
    ['b', 'a'],
    ['b', 'a'],
  ]);
});

test('views of workers that are gone are left out', () => {
  expect(merged([undefined, { breakers: [], bulkheads: [], transitions: [] }])).toEqual({
    breakers: [],
    bulkheads: [],
    transitions: [],
  });
});
