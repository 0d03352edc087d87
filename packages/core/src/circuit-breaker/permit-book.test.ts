import { expect, test } from 'vitest';
import type { FleetPermit } from './fleet-state.ts';
import { permitBook } from './permit-book.ts';

const permit = (id: string, by: string, beat = 0): FleetPermit => ({ id, by, leaseMs: 100, beat });
const nobody = new Set<string>();

test('a permit of another instance lapses one lease after it was first seen, and not before', () => {
  const book = permitBook('me');
  const theirs = [permit('p', 'other')];
  expect(book.review(theirs, nobody, 1_000)).toEqual(nobody);
  expect(book.review(theirs, nobody, 1_099)).toEqual(nobody);
  expect(book.review(theirs, nobody, 1_100)).toEqual(new Set(['p']));
});

test('a renewed permit is seen anew, and so is one that was away', () => {
  const book = permitBook('me');
  book.review([permit('p', 'other'), permit('q', 'other')], nobody, 0);
  book.review([permit('p', 'other', 1)], nobody, 90);
  expect(book.review([permit('p', 'other', 1), permit('q', 'other')], nobody, 150)).toEqual(nobody);
  expect(book.review([permit('p', 'other', 1), permit('q', 'other')], nobody, 190)).toEqual(new Set(['p']));
});

test('of its own permits it keeps those in use, unused or told of, and takes out what nobody knows', () => {
  const book = permitBook('me');
  book.started('running');
  book.report({ permitId: 'reported', epoch: 1, ok: true });
  const own = ['running', 'idle', 'reported', 'stranger'].map((id) => permit(id, 'me'));
  expect(book.review(own, new Set(['idle']), 0)).toEqual(new Set(['stranger']));
  book.release('running');
  expect(book.review(own, new Set(['idle']), 1_000)).toEqual(new Set(['stranger', 'running']));
});

test('what was told is forgotten, what came later is not', () => {
  const book = permitBook('me');
  book.release('a');
  book.report({ permitId: 'b', epoch: 1, ok: true });
  const [released, reports] = [book.review([], nobody, 0), book.reports];
  book.release('c');
  book.report({ permitId: 'd', epoch: 1, ok: false });
  book.settle(released, reports);
  expect(book.hasNews).toBe(true);
  expect(book.reports.map(({ permitId }) => permitId)).toEqual(['d']);
  book.settle(book.review([], nobody, 0), book.reports);
  expect(book.hasNews).toBe(false);
});
