import { expect, test } from 'vitest';
import type { HistoryEventType } from '../interpreter/history.ts';
import { feedOf } from './feed.ts';
import type { FeedRow } from './rows.ts';

const row = (sequence: number, ...types: HistoryEventType[]): FeedRow => ({
  sequence,
  executionArn: 'arn',
  executionName: 'e',
  stateMachineName: 'm',
  correlationId: 'c',
  events: types.map((type, i) => ({ id: i + 1, previousEventId: 0, type, timestamp: 0 })),
});

/** A journal that keeps to the contract of `Journal.feed`. */
const journal = (rows: readonly FeedRow[]) => ({
  feed: (from: number, limit: number): readonly FeedRow[] => {
    const start = rows.findLastIndex(({ sequence }) => sequence <= from);
    return rows.slice(Math.max(0, start)).slice(0, limit);
  },
});

test('waits behind a step without events instead of reading it over and over', async () => {
  const rows = [row(1, 'ExecutionStarted', 'PassStateEntered'), row(3)];
  const feed = feedOf(journal(rows));
  const reading = feed.read(0);
  expect((await reading.next()).value).toMatchObject({ sequence: 1 });
  expect((await reading.next()).value).toMatchObject({ sequence: 2 });
  const third = reading.next();
  await new Promise((resolve) => setImmediate(resolve));
  rows.push(row(4, 'PassStateExited'));
  feed.committed();
  expect((await third).value).toMatchObject({ sequence: 4 });
});

test.each([
  { after: 0, sequences: [1, 2, 4, 5] },
  { after: 1, sequences: [2, 4, 5] },
  { after: 2, sequences: [4, 5] },
  { after: 3, sequences: [4, 5] },
  { after: 4, sequences: [5] },
])('after $after come $sequences', async ({ after, sequences }) => {
  const rows = [
    row(1, 'ExecutionStarted', 'PassStateEntered'),
    row(3),
    row(4, 'PassStateExited', 'ExecutionSucceeded'),
  ];
  const seen: number[] = [];
  for await (const { sequence } of feedOf(journal(rows)).read(after)) {
    seen.push(sequence);
    if (sequence === 5) break;
  }
  expect(seen).toEqual(sequences);
});

test('pages: a thousand steps come once each, in order', async () => {
  const rows = Array.from({ length: 1_000 }, (_, i) => row(2 * i + 1, 'PassStateEntered', 'PassStateExited'));
  const seen: number[] = [];
  for await (const { sequence } of feedOf(journal(rows)).read(0)) {
    seen.push(sequence);
    if (sequence === 2_000) break;
  }
  expect(seen).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
});

test('a commit while the reader is busy is not missed', async () => {
  const rows = [row(1, 'ExecutionStarted')];
  const feed = feedOf(journal(rows));
  const reading = feed.read(0);
  await reading.next();
  rows.push(row(2, 'ExecutionSucceeded'));
  feed.committed();
  expect((await reading.next()).value).toMatchObject({ sequence: 2 });
});
