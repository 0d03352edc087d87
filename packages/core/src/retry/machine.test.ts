import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import type { FailedAttempt, RetryDecision } from './machine.ts';
import { decide } from './machine.ts';
import { retrySettings } from './options.ts';

const settings = retrySettings('retry', { maxAttempts: 4, baseDelayMs: 100, maxDelayMs: 300 });
const failed: FailedAttempt = {
  attempt: 1,
  retryable: true,
  retryAfterMs: undefined,
  remainingMs: Number.POSITIVE_INFINITY,
  draw: 0.5,
};
const wait = (delayMs: number): RetryDecision => ({ kind: 'retry', delayMs });

test.each<[why: string, given: Partial<FailedAttempt>, expected: RetryDecision]>([
  ['waits half the base for half a draw', {}, wait(50)],
  ['doubles', { attempt: 2 }, wait(100)],
  ['stops doubling at the cap', { attempt: 3 }, wait(150)],
  ['adds the jitter to what the error asked for', { retryAfterMs: 200 }, wait(250)],
  ['retries a wait asked for at the cap', { retryAfterMs: 300, draw: 0 }, wait(300)],
  ['gives up on a longer one', { retryAfterMs: 301 }, { kind: 'give-up', reason: 'asked-to-wait-too-long' }],
  ['gives up on what cannot be mended', { retryable: false }, { kind: 'give-up', reason: 'not-retryable' }],
  ['gives up after the last attempt', { attempt: 4 }, { kind: 'give-up', reason: 'attempts-spent' }],
  ['uses time that just fits', { remainingMs: 51 }, wait(50)],
  [
    'gives up when the wait would use up the time',
    { remainingMs: 50 },
    { kind: 'give-up', reason: 'deadline-too-near' },
  ],
])('%s', (_why, given, expected) => {
  expect(decide({ ...failed, ...given }, settings)).toEqual(expected);
});

test('defaults are as documented', () => {
  expect(retrySettings('retry', {})).toEqual({ maxAttempts: 3, baseDelayMs: 100, maxDelayMs: 5_000 });
  expect(retrySettings('retry', { baseDelayMs: 9_000 }).maxDelayMs).toBe(9_000);
});

test.each([
  { field: 'maxAttempts', options: { maxAttempts: 0 } },
  { field: 'maxAttempts', options: { maxAttempts: 101 } },
  { field: 'maxAttempts', options: { maxAttempts: 1.5 } },
  { field: 'baseDelayMs', options: { baseDelayMs: -1 } },
  { field: 'maxDelayMs', options: { baseDelayMs: 10, maxDelayMs: 9 } },
])('refuses $options and names $field', ({ field, options }) => {
  expect(() => retrySettings('retry "payment"', options)).toThrow(InvalidOptionsError);
  expect(() => retrySettings('retry "payment"', options)).toThrow(`retry "payment": ${field} must be`);
});

test('no wait passes the cap beyond what was asked for, nor the time that is left', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(
      fc.record({
        attempt: fc.integer({ min: 1, max: 5 }),
        retryable: fc.boolean(),
        retryAfterMs: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
        remainingMs: fc.integer({ min: 0, max: 1_000 }),
        draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      }),
      (attempt) => {
        const decision = decide(attempt, settings);
        reached.add(decision.kind === 'retry' ? 'retry' : decision.reason);
        if (decision.kind === 'give-up') return;
        expect(decision.delayMs).toBeGreaterThanOrEqual(attempt.retryAfterMs ?? 0);
        expect(decision.delayMs - (attempt.retryAfterMs ?? 0)).toBeLessThanOrEqual(settings.maxDelayMs);
        expect(decision.delayMs).toBeLessThan(attempt.remainingMs);
      },
    ),
    { numRuns: 500 },
  );
  expect([...reached].sort()).toEqual([
    'asked-to-wait-too-long',
    'attempts-spent',
    'deadline-too-near',
    'not-retryable',
    'retry',
  ]);
});
