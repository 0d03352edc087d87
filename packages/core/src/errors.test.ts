import { expect, test } from 'vitest';
import { BulkheadFullError } from './bulkhead/errors.ts';
import { bulkheadSettings } from './bulkhead/options.ts';
import { DeadlineExceededError } from './deadline/errors.ts';
import { HoldfastError, InvalidOptionsError, isHoldfastError } from './errors.ts';
import { TimeoutError } from './timeout/errors.ts';

test.each([
  {
    error: new TimeoutError('payment', 50),
    code: 'HF_TIMEOUT',
    retryable: true,
    message:
      '"payment" did not answer within 50 ms; its call was aborted and may or may not have taken effect',
  },
  {
    error: new DeadlineExceededError(400),
    code: 'HF_DEADLINE_EXCEEDED',
    retryable: false,
    message: 'the deadline of 400 ms for the whole call passed; work still running was aborted',
  },
  {
    error: new BulkheadFullError('payment', bulkheadSettings('b', { tier: 'critical' }), 'queue-full'),
    code: 'HF_BULKHEAD_FULL',
    retryable: true,
    message:
      'critical pool "payment" (10 at once, 0 waiting) is full; the call was refused without being made',
  },
  {
    error: new InvalidOptionsError('retry "payment"', 'maxAttempts', 'an integer from 1 to 100', 0),
    code: 'HF_INVALID_OPTIONS',
    retryable: false,
    message: 'retry "payment": maxAttempts must be an integer from 1 to 100; got 0',
  },
])('$code says what happened', ({ error, code, retryable, message }) => {
  expect({ code: error.code, retryable: error.retryable, message: error.message }).toEqual({
    code,
    retryable,
    message,
  });
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error.stack).toContain(error.constructor.name);
  expect(isHoldfastError(error)).toBe(true);
});

test('keeps messages short whatever the value', () => {
  expect(new InvalidOptionsError('x', 'y', 'z', 'v'.repeat(10_000)).message.length).toBeLessThan(120);
});

class OtherCopy extends Error {
  readonly code = 'HF_OTHER';
  readonly retryable = false;
  readonly isHoldfastError = true;
}

test.each([
  { what: 'an error of another copy', value: new OtherCopy(), expected: true },
  { what: 'a plain error', value: new Error('x'), expected: false },
  {
    what: 'an error with a code',
    value: Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    expected: false,
  },
  { what: 'null', value: null, expected: false },
  { what: 'a string', value: 'HF_TIMEOUT', expected: false },
])('isHoldfastError of $what: $expected', ({ value, expected }) => {
  expect(isHoldfastError(value)).toBe(expected);
});
