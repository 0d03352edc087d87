import { expect, test } from 'vitest';
import { anOrder, aStep } from '../../dev/examples.ts';
import type { OrderStep } from '../contract.ts';
import { timelineOf } from './timeline.model.ts';

const error = { code: 'Unavailable', cause: 'payment answered 503' };
const unended = (step: OrderStep): OrderStep => {
  const { endedAtMs: _ended, ...rest } = step;
  return rest;
};

test.each<[why: string, step: OrderStep, line: string]>([
  ['a step that worked at once', aStep('ReservePayment'), 'check good: Reserve payment done | 250 ms'],
  [
    'a step that a retry mended keeps its error',
    aStep('ReservePayment', { attempts: 3, error }),
    'check good: Reserve payment done, at attempt 3 | Unavailable: payment answered 503 | 250 ms',
  ],
  [
    'a running step',
    unended(aStep('ReservePayment', { status: 'running' })),
    'dot busy: Reserve payment running',
  ],
  [
    'a second attempt',
    unended(aStep('CreateShipping', { status: 'running', attempts: 2 })),
    'dot busy: Create shipping running, attempt 2',
  ],
  [
    'a pause before the next attempt',
    unended(
      aStep('CreateShipping', {
        status: 'retrying',
        attempts: 2,
        error: { code: 'States.Timeout', cause: '' },
      }),
    ),
    'retry warn: Create shipping attempt 2 failed; waiting to try again | States.Timeout',
  ],
  [
    'a refusal',
    aStep('ReserveInventory', { status: 'failed' }),
    'cross bad: Reserve inventory failed at the first attempt | 250 ms',
  ],
  [
    'a failure after all attempts',
    aStep('ReserveInventory', { status: 'failed', attempts: 5 }),
    'cross bad: Reserve inventory failed after 5 attempts | 250 ms',
  ],
  [
    'a compensation',
    aStep('ReleasePayment', { kind: 'compensation' }),
    'undo note: Release payment undone | 250 ms',
  ],
  [
    'a compensation that needed patience',
    aStep('ReleasePayment', { kind: 'compensation', attempts: 4 }),
    'undo note: Release payment undone, at attempt 4 | 250 ms',
  ],
  [
    'the good end',
    aStep('OrderConfirmed', { kind: 'end', attempts: 0 }),
    'check good: Order confirmed the end',
  ],
  ['the undone end', aStep('OrderUndone', { kind: 'end', attempts: 0 }), 'undo note: Order undone the end'],
  ['the stuck end', aStep('OrderStuck', { kind: 'end', attempts: 0 }), 'alert bad: Order stuck the end'],
])('%s', (_why, step, line) => {
  const [entry] = timelineOf(anOrder({ steps: [step] }));
  const parts = [`${entry?.icon} ${entry?.tone}: ${entry?.name} ${entry?.words}`, entry?.error, entry?.took];
  expect(parts.filter((part) => part !== undefined).join(' | ')).toBe(line);
});

test('a state entered twice stands twice, each with its own key', () => {
  const keys = timelineOf(anOrder({ steps: [aStep('Wait'), aStep('Wait')] })).map(({ key }) => key);
  expect(new Set(keys).size).toBe(2);
});
