import { describe, expect, test } from 'vitest';
import { anOrder, aStep } from '../../dev/examples.ts';
import { SAGA } from '../../dev/simulation/catalogue.ts';
import type { OrderStep } from '../contract.ts';
import type { Box } from '../kit/drawing.model.ts';
import { NARROW, sagaLayout, WIDE } from './saga-layout.model.ts';
import { progressOf, taken } from './saga-progress.model.ts';

const done = (...names: readonly string[]): readonly OrderStep[] => names.map((name) => aStep(name));
const undone = (...names: readonly string[]): readonly OrderStep[] =>
  names.map((name) => aStep(name, { kind: 'compensation' }));
const failed = (name: string): OrderStep => aStep(name, { status: 'failed' });
const waysOf = (steps: readonly OrderStep[]): readonly string[] =>
  SAGA.edges.filter((edge) => taken(edge, SAGA, anOrder({ steps }))).map(({ from, to }) => `${from} ${to}`);

describe.each([
  ['wide', WIDE],
  ['narrow', NARROW],
])('the layout, %s', (_name, measure) => {
  const { width, height, boxes } = sagaLayout(SAGA, measure);
  const box = (name: string): Box => boxes.get(name) ?? { x: Number.NaN, y: Number.NaN, width: 0, height: 0 };

  test('every state has its place inside the drawing', () => {
    expect([...boxes.keys()].sort()).toEqual(SAGA.states.map(({ name }) => name).sort());
    for (const { x, y, width: w, height: h } of boxes.values()) {
      expect(x - w / 2).toBeGreaterThanOrEqual(0);
      expect(x + w / 2).toBeLessThanOrEqual(width);
      expect(y - h / 2).toBeGreaterThanOrEqual(0);
      expect(y + h / 2).toBeLessThanOrEqual(height);
    }
  });

  test('no two states overlap', () => {
    const all = [...boxes.values()];
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) {
        expect(Math.abs(a.x - b.x) >= a.width || Math.abs(a.y - b.y) >= a.height).toBe(true);
      }
    }
  });

  test('the way forward runs straight down and undoing straight back up', () => {
    const forward = ['ReservePayment', 'ReserveInventory', 'CreateShipping', 'ConfirmOrder'].map(box);
    const back = ['CancelShipping', 'ReleaseInventory', 'ReleasePayment', 'OrderUndone'].map(box);
    expect(new Set(forward.map(({ x }) => x)).size).toBe(1);
    expect(new Set(back.map(({ x }) => x)).size).toBe(1);
    expect(forward.map(({ y }) => y)).toEqual(forward.map(({ y }) => y).sort((a, b) => a - b));
    expect(back.map(({ y }) => y)).toEqual(back.map(({ y }) => y).sort((a, b) => b - a));
  });
});

test('a phone has room for the narrow layout', () =>
  expect(sagaLayout(SAGA, NARROW).width).toBeLessThanOrEqual(390 - 32));

describe('the edges an order took', () => {
  test.each<[why: string, steps: readonly OrderStep[], ways: readonly string[]]>([
    ['none before the first step', [], []],
    ['none yet after it', done('ReservePayment'), []],
    ['the way forward', done('ReservePayment', 'ReserveInventory'), ['ReservePayment ReserveInventory']],
    [
      'a refusal skips the step’s own compensation',
      [
        ...done('ReservePayment'),
        failed('ReserveInventory'),
        ...undone('ReleasePayment'),
        ...done('OrderUndone'),
      ],
      ['ReservePayment ReserveInventory', 'ReserveInventory ReleasePayment', 'ReleasePayment OrderUndone'],
    ],
    [
      'an unknown outcome takes only the first error edge, though the other’s state comes later',
      [
        ...done('ReservePayment'),
        failed('ReserveInventory'),
        ...undone('ReleaseInventory', 'ReleasePayment'),
        ...done('OrderUndone'),
      ],
      [
        'ReservePayment ReserveInventory',
        'ReserveInventory ReleaseInventory',
        'ReleaseInventory ReleasePayment',
        'ReleasePayment OrderUndone',
      ],
    ],
    [
      'a compensation that gave up',
      [
        failed('ReservePayment'),
        aStep('ReleasePayment', { kind: 'compensation', status: 'failed' }),
        ...done('OrderStuck'),
      ],
      ['ReservePayment ReleasePayment', 'ReleasePayment OrderStuck'],
    ],
    [
      'both branches of the announcement, one of them missed',
      [
        ...done('AnnounceOrder', 'RecordHistory'),
        failed('RecordAnalytics'),
        ...done('RecordAnalyticsMissed', 'OrderConfirmed'),
      ],
      [
        'AnnounceOrder OrderConfirmed',
        'AnnounceOrder RecordHistory',
        'AnnounceOrder RecordAnalytics',
        'RecordAnalytics RecordAnalyticsMissed',
      ],
    ],
  ])('%s', (_why, steps, ways) => expect(waysOf(steps)).toEqual(ways));
});

test('progress tells visited from untouched, active from settled, and counts attempts', () => {
  const steps = [
    aStep('ReservePayment', { attempts: 3 }),
    aStep('ReserveInventory', { status: 'retrying', attempts: 2 }),
  ];
  const progress = progressOf(SAGA, anOrder({ steps }));
  expect(progress.get('ReservePayment')).toMatchObject({
    visited: true,
    active: false,
    attempts: 3,
    tone: 'good',
    icon: 'check',
  });
  expect(progress.get('ReserveInventory')).toMatchObject({
    visited: true,
    active: true,
    attempts: 2,
    tone: 'warn',
    icon: 'retry',
  });
  expect(progress.get('CreateShipping')).toEqual({
    ...{ visited: false, active: false, attempts: 0, tone: 'quiet', icon: undefined },
    title: 'Create shipping: not reached. Book the delivery.',
  });
});
