import { describe, expect, test } from 'vitest';
import { aBreaker, aBulkhead, aStatus } from '../../dev/examples.ts';
import type { ProcessView, StatusView } from '../contract.ts';
import { factsOf, type Health, healthOf } from './health.model.ts';

const process = (name: string, up: boolean): ProcessView => ({ name, role: 'service', up, restarts: 0 });
const orders = (stuck: number): StatusView['orders'] => ({
  running: 2,
  undoing: 1,
  confirmed: 1_200,
  undone: 30,
  stuck,
});

describe('health in one sentence', () => {
  test.each<[why: string, status: Partial<StatusView>, tone: Health['tone'], sentence: string]>([
    ['calm', {}, 'good', 'Everything is up and every circuit is closed.'],
    ['a stuck order', { orders: orders(1) }, 'bad', '1 order needs a person: an undo step gave up.'],
    [
      'one process down',
      { processes: [process('payment', false)] },
      'bad',
      'payment is down; the supervisor starts it again.',
    ],
    [
      'two processes down',
      { processes: [process('payment', false), process('engine', false)] },
      'bad',
      'payment and engine are down; the supervisor starts them again.',
    ],
    [
      'a circuit open on two workers is one circuit',
      {
        breakers: [
          aBreaker('partner', { state: 'open' }),
          aBreaker('partner', { state: 'open', worker: 'worker-2' }),
        ],
      },
      'bad',
      'Open circuit to partner: calls are refused at once until it recovers.',
    ],
    [
      'two circuits',
      { breakers: [aBreaker('partner', { state: 'open' }), aBreaker('history', { state: 'open' })] },
      'bad',
      'Open circuits to partner and history: calls are refused at once until they recover.',
    ],
    [
      'the store down',
      { breakers: [aBreaker('payment', { store: 'down' })] },
      'warn',
      'The breakers’ store is down: each worker decides by itself.',
    ],
    [
      'a probe',
      { breakers: [aBreaker('payment', { state: 'half-open' })] },
      'warn',
      'Probing whether payment has recovered.',
    ],
    [
      'a full bulkhead',
      { bulkheads: [aBulkhead({ queued: 2 }), aBulkhead({ queued: 1, worker: 'worker-2' })] },
      'warn',
      'Calls wait for a free place in the critical bulkhead.',
    ],
  ])('%s', (_why, change, tone, sentence) =>
    expect(healthOf(aStatus(change), true)).toEqual({ tone, sentence, also: [] }),
  );

  test('the worst comes first, the rest besides', () => {
    const status = aStatus({
      orders: orders(2),
      bulkheads: [aBulkhead({ queued: 1 })],
      processes: [process('engine', false)],
    });
    const { sentence, also } = healthOf(status, true);
    expect(sentence).toMatch(/^2 orders need/);
    expect(also).toEqual([
      'engine is down; the supervisor starts it again.',
      'Calls wait for a free place in the critical bulkhead.',
    ]);
  });

  test('an old status does not pass for the present', () => {
    expect(healthOf(aStatus(), false)).toMatchObject({
      tone: 'warn',
      sentence: expect.stringMatching(/^No word from the shop since \d/),
    });
  });

  test('before the first word there is nothing to say', () =>
    expect(healthOf(undefined, true).tone).toBe('quiet'));
});

test('the facts count circuits by dependency, and orders by what they come to', () => {
  const status = aStatus({
    orders: orders(0),
    processes: [process('a', true), process('b', false)],
    breakers: [
      aBreaker('payment'),
      aBreaker('payment', { worker: 'worker-2', state: 'open' }),
      aBreaker('partner'),
    ],
  });
  expect(factsOf(status).map(({ label, value, tone }) => `${label} ${value} ${tone}`)).toEqual([
    'Processes up 1/2 bad',
    'Circuits closed 1/2 bad',
    'On their way 3 busy',
    'Confirmed 1,200 good',
    'Undone 30 note',
    'Need a person 0 quiet',
  ]);
});
