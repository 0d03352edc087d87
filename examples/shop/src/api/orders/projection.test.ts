import type { OrderStep } from '@holdfast/dashboard/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSaga } from '../../saga/definition.ts';
import { sagaGraph } from '../../saga/graph.ts';
import { kindsOf, projectOrder, type SagaEvent, type TrackedOrder } from './projection.ts';

const kinds = kindsOf(sagaGraph(readSaga().machine));

const fresh: TrackedOrder = {
  view: {
    ...{ orderId: 'o-1', status: 'running', customerId: 'c-001', lines: [], totalCents: 0 },
    ...{ correlationId: 'k', acceptedAtMs: 0, steps: [] },
  },
  lastEventId: 0,
  owners: {},
};

/** `enter:Name`, `fail:Error:Cause`, `exit:Name` … each caused by the one before; time is the event's id. */
function events(script: string): readonly SagaEvent[] {
  return script.split(' ').map((word, index): SagaEvent => {
    const [verb = '', a = '', b = ''] = word.split(':');
    const id = index + 1;
    const base = { id, previousEventId: index, atMs: id };
    switch (verb) {
      case 'enter':
        return { ...base, type: 'TaskStateEntered', name: a };
      case 'exit':
        return { ...base, type: 'TaskStateExited', name: a };
      case 'end':
        return { ...base, type: 'FailStateEntered', name: a };
      case 'ok':
        return { ...base, type: 'TaskSucceeded' };
      case 'fail':
        return {
          ...base,
          type: 'TaskFailed',
          error: a,
          cause: JSON.stringify({ errorType: a, errorMessage: b }),
        };
      default:
        return {
          ...base,
          type:
            {
              call: 'TaskScheduled',
              start: 'ExecutionStarted',
              won: 'ExecutionSucceeded',
              lost: 'ExecutionFailed',
            }[verb] ?? verb,
          error: a,
        };
    }
  });
}

const fold = (script: string, from = fresh): TrackedOrder =>
  events(script).reduce((order, event) => projectOrder(order, event, kinds), from);
const brief = (steps: readonly OrderStep[]): string =>
  steps.map((step) => `${step.state} ${step.status} ${step.attempts}`).join(', ');

const RESERVED = 'start enter:ReservePayment call ok exit:ReservePayment';

test.each<[why: string, script: string, status: string, steps: string]>([
  ['under way', 'start enter:ReservePayment call', 'running', 'ReservePayment running 1'],
  [
    'a failed attempt waits for its retry',
    'start enter:ReservePayment call fail:Unavailable:down',
    'running',
    'ReservePayment retrying 1',
  ],
  [
    'a retry that works',
    `start enter:ReservePayment call fail:Unavailable:down call ok exit:ReservePayment`,
    'running',
    'ReservePayment done 2',
  ],
  [
    'a failed step and its compensation',
    `${RESERVED} enter:ReserveInventory call fail:InsufficientStock:two_left exit:ReserveInventory enter:ReleasePayment call`,
    'undoing',
    'ReservePayment done 1, ReserveInventory failed 1, ReleasePayment running 1',
  ],
  [
    'undone',
    `${RESERVED} enter:ReserveInventory call fail:InsufficientStock:two_left exit:ReserveInventory enter:ReleasePayment call ok exit:ReleasePayment end:OrderUndone lost:InsufficientStock`,
    'undone',
    'ReservePayment done 1, ReserveInventory failed 1, ReleasePayment done 1, OrderUndone done 0',
  ],
  [
    'confirmed',
    `${RESERVED} end:OrderConfirmed won`,
    'confirmed',
    'ReservePayment done 1, OrderConfirmed done 0',
  ],
  [
    'stuck',
    `${RESERVED} enter:ReleasePayment call end:OrderStuck lost:OrderStuck`,
    'stuck',
    'ReservePayment done 1, ReleasePayment failed 1, OrderStuck done 0',
  ],
  ['stopped by hand', 'start enter:ReservePayment call ExecutionAborted', 'stuck', 'ReservePayment failed 1'],
])('%s', (_why, script, status, steps) => {
  const { view } = fold(script);
  expect({ status: view.status, steps: brief(view.steps) }).toEqual({ status, steps });
});

test('the reason names the step, the error and its message', () => {
  const { view } = fold(
    `${RESERVED} enter:ReserveInventory call fail:InsufficientStock:two_left exit:ReserveInventory enter:ReleasePayment`,
  );
  expect(view.reason).toBe('ReserveInventory: InsufficientStock. two_left');
});

test('attempts in parallel branches count for their own step', () => {
  const at = (
    id: number,
    previousEventId: number,
    rest: Partial<SagaEvent> & { type: string },
  ): SagaEvent => ({ id, previousEventId, atMs: id, ...rest });
  const story = [
    at(1, 0, { type: 'ParallelStateEntered', name: 'AnnounceOrder' }),
    at(2, 1, { type: 'ParallelStateStarted' }),
    at(3, 2, { type: 'TaskStateEntered', name: 'RecordHistory' }),
    at(4, 2, { type: 'TaskStateEntered', name: 'RecordAnalytics' }),
    at(5, 3, { type: 'TaskScheduled' }),
    at(6, 4, { type: 'TaskScheduled' }),
    at(7, 6, { type: 'TaskFailed', error: 'Unavailable', cause: 'down' }),
    at(8, 7, { type: 'TaskScheduled' }),
    at(9, 5, { type: 'TaskSucceeded' }),
  ];
  const { view } = story.reduce((order, event) => projectOrder(order, event, kinds), fresh);
  expect(brief(view.steps)).toBe(
    'AnnounceOrder running 0, RecordHistory running 1, RecordAnalytics running 2',
  );
});

test('events that come again, in any cut, change nothing (the feed is read again after a crash)', () => {
  const script = `${RESERVED} enter:ReserveInventory call fail:InsufficientStock:x exit:ReserveInventory enter:ReleasePayment call ok exit:ReleasePayment end:OrderUndone lost:InsufficientStock`;
  const all = events(script);
  const expected = fold(script);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: all.length }),
      fc.integer({ min: 0, max: all.length }),
      (cut, back) => {
        const again = [...all.slice(0, cut), ...all.slice(Math.max(0, cut - back))];
        expect(again.reduce((order, event) => projectOrder(order, event, kinds), fresh)).toEqual(expected);
      },
    ),
  );
});
