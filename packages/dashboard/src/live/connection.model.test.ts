import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, type Connection, connectionWords } from './connection.model.ts';

test.each([
  [1, 0, 250],
  [1, 1, 500],
  [2, 1, 1_000],
  [5, 0.5, 6_000],
  [6, 1, 15_000],
  [1_000, 0, 7_500],
])('attempt %d with chance %d waits %d ms', (attempt, chance, ms) =>
  expect(backoffMs(attempt, chance)).toBe(ms),
);

test('waits never shrink as attempts go on, and never pass the cap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, chance) => {
        const waits = [backoffMs(attempt, chance), backoffMs(attempt + 1, chance)];
        expect(waits[1]).toBeGreaterThanOrEqual(waits[0] ?? 0);
        expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
        expect(Math.min(...waits)).toBeGreaterThanOrEqual(250);
      },
    ),
  );
});

test.each<[Connection, string]>([
  [{ kind: 'connecting' }, 'Connecting'],
  [{ kind: 'live' }, 'Live'],
  [{ kind: 'waiting', attempt: 2, retryAtMs: 11_200 }, 'Reconnecting in 2 s'],
  [{ kind: 'waiting', attempt: 2, retryAtMs: 9_000 }, 'Reconnecting in 0 s'],
])('%j is said as %s', (connection, words) => expect(connectionWords(connection, 10_000)).toBe(words));
