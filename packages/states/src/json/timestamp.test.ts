import { expect, test } from 'vitest';
import { compareTimestamps, parseTimestamp, printTimestamp } from './timestamp.ts';

test.each([
  ['2016-03-14T01:59:00Z', Date.UTC(2016, 2, 14, 1, 59), 0],
  ['2016-03-05T21:29:29.243167252Z', Date.UTC(2016, 2, 5, 21, 29, 29, 243), 167_252],
  ['2016-03-14T01:59:00+02:00', Date.UTC(2016, 2, 13, 23, 59), 0],
  ['2016-03-14T01:59:00.5-01:30', Date.UTC(2016, 2, 14, 3, 29, 0, 500), 0],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29), 0],
])('reads %s', (text, epochMs, nanos) => {
  expect(parseTimestamp(text)).toEqual({ epochMs, nanos });
});

test.each([
  ['no offset', '2016-12-05T21:29:29'],
  ['a space for the T', '2016-12-05 21:29:29Z'],
  ['thirteenth month', '2016-13-05T21:29:29Z'],
  ['29 February of a common year', '2023-02-29T00:00:00Z'],
  ['hour 25', '2016-12-05T25:29:29Z'],
  ['day first', '05-12-2016T21:29:29Z'],
  ['a date alone', '2016-12-05'],
  ['lower-case z', '2016-12-05T21:29:29z'],
  ['an offset of 19 hours', '2016-12-05T21:29:29+19:00'],
])('refuses %s', (_why, text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});

test.each([
  ['2016-03-14T01:59:00Z', '2016-03-14T03:59:00+02:00', 0],
  ['2016-03-14T01:59:00.000000001Z', '2016-03-14T01:59:00Z', 1],
  ['2016-03-14T01:59:00.001Z', '2016-03-14T01:59:00.001000001Z', -1],
])('%s against %s', (a, b, sign) => {
  const [left, right] = [parseTimestamp(a), parseTimestamp(b)];
  if (left === undefined || right === undefined) throw new Error('both are timestamps');
  expect(Math.sign(compareTimestamps(left, right))).toBe(sign);
});

test('prints milliseconds and Z', () => {
  expect(printTimestamp(Date.UTC(2026, 10, 23, 20, 6, 20, 7))).toBe('2026-11-23T20:06:20.007Z');
});
