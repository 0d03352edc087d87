import { expect, test } from 'vitest';
import type { ChaosSettings } from '../contract.ts';
import { CALM, CHAOS_FIELDS, chaosWords, isCalm, typedOf, withTyped } from './chaos.model.ts';

test.each(CHAOS_FIELDS)('what is typed for $name is what is shown again', (field) => {
  for (const typed of ['0', '15', '100']) expect(typedOf(withTyped(CALM, field, typed), field)).toBe(typed);
  expect(withTyped({ ...CALM, [field.name]: 0.5 }, field, ' ')).toEqual(CALM);
});

test('percent are sent as ratios, milliseconds as they are', () => {
  const sent = CHAOS_FIELDS.reduce((settings, field) => withTyped(settings, field, '25'), CALM);
  expect(sent).toEqual({
    errorRatio: 0.25,
    declineRatio: 0.25,
    lostAnswerRatio: 0.25,
    extraLatencyMs: 25,
    hang: false,
  });
});

test.each<[Partial<ChaosSettings>, boolean, string]>([
  [{}, true, 'behaves'],
  [{ hang: true, errorRatio: 1 }, false, 'hangs: takes requests and never answers'],
  [{ errorRatio: 0.1, extraLatencyMs: 1_500 }, false, '10 % errors, 1.5 s slower'],
  [{ declineRatio: 0.2, lostAnswerRatio: 0.05 }, false, '20 % declined, 5 % answers lost'],
])('%j', (change, calm, words) => {
  const settings = { ...CALM, ...change };
  expect([isCalm(settings), chaosWords(settings)]).toEqual([calm, words]);
});
