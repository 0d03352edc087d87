import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ago,
  count,
  duration,
  listed,
  money,
  percent,
  perSecond,
  plural,
  preciseClock,
  stateWords,
} from './format.model.ts';

describe('numbers and times in words', () => {
  test.each([
    [0, '€0.00'],
    [5, '€0.05'],
    [8_900, '€89.00'],
    [123_456_789, '€1,234,567.89'],
  ])('money(%d) is %s', (cents, text) => expect(money(cents)).toBe(text));

  test.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [12_340, '12.3 s'],
    [59_949, '59.9 s'],
    [59_951, '1 min'],
    [61_000, '1 min 1 s'],
    [600_000, '10 min'],
  ])('duration(%d) is %s', (ms, text) => expect(duration(ms)).toBe(text));

  test.each([
    [0, '0 %'],
    [0.001, '<1 %'],
    [0.125, '13 %'],
    [0.9999, '>99 %'],
    [1, '100 %'],
  ])('percent(%d) is %s', (ratio, text) => expect(percent(ratio)).toBe(text));

  test('only none is 0 % and only all is 100 %', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (ratio) => {
        expect(percent(ratio) === '0 %').toBe(ratio === 0);
        expect(percent(ratio) === '100 %').toBe(ratio === 1);
      }),
    );
  });

  test.each([
    [0, '0.0/s'],
    [0.01, '<0.1/s'],
    [0.25, '0.3/s'],
    [9.96, '10.0/s'],
    [41.7, '42/s'],
  ])('perSecond(%d) is %s', (rate, text) => expect(perSecond(rate)).toBe(text));

  test.each([
    [0, 'just now'],
    [4_999, 'just now'],
    [5_000, '5 s ago'],
    [14_000, '10 s ago'],
    [59_999, '55 s ago'],
    [60_000, '1 min ago'],
    [7_200_000, '2 h ago'],
    [200_000_000, '2 d ago'],
  ])('%d ms later is %s', (passedMs, text) => expect(ago(1_000, 1_000 + passedMs)).toBe(text));

  test('a clock a little behind the shop’s still says just now', () =>
    expect(ago(1_000, 400)).toBe('just now'));

  test.each([
    ['ReservePayment', 'Reserve payment'],
    ['RecordAnalyticsMissed', 'Record analytics missed'],
    ['confirm', 'Confirm'],
    ['', ''],
  ])('stateWords(%s) is %s', (name, words) => expect(stateWords(name)).toBe(words));

  test.each([
    [1, 'order', undefined, '1 order'],
    [0, 'order', undefined, '0 orders'],
    [1_200, 'order', undefined, '1,200 orders'],
    [2, 'order needs', 'orders need', '2 orders need'],
  ])('plural(%d, %s, %s) is %s', (value, one, many, text) => expect(plural(value, one, many)).toBe(text));

  test.each([
    [[], ''],
    [['payment'], 'payment'],
    [['payment', 'partner'], 'payment and partner'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('listed(%j) is %s', (names, text) => expect(listed(names)).toBe(text));

  test('counts are grouped', () => expect(count(1_234_567)).toBe('1,234,567'));

  test('the precise clock keeps its milliseconds at three digits', () => {
    expect(preciseClock(Date.UTC(2026, 0, 2, 3, 4, 5, 7))).toMatch(/^\d\d:04:05\.007$/);
  });
});
