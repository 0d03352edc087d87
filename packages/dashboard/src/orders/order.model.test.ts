import { describe, expect, test } from 'vitest';
import { anOrder } from '../../dev/examples.ts';
import type { OrderView } from '../contract.ts';
import { goodsOf, reasonWords, storyOf } from './order.model.ts';
import {
  fieldsOf,
  numberOf,
  type OrderDraft,
  requestOf,
  withLine,
  withoutLine,
} from './order-draft.model.ts';

const line = { productId: 'p-1', quantity: 2, name: 'Walnut desk lamp', priceCents: 8_900 };

test.each<[lines: OrderView['lines'], words: string]>([
  [[], 'nothing'],
  [[line], '2 × Walnut desk lamp'],
  [[line, { ...line, name: 'Kettle' }, line], '2 × Walnut desk lamp and 2 more'],
])('goods %#', (lines, words) => expect(goodsOf({ lines })).toBe(words));

test.each<[change: Partial<OrderView>, story: string]>([
  [{ status: 'running' }, 'Under way for 3.0 s'],
  [{ status: 'undoing' }, 'Being undone, 3.0 s after it was placed'],
  [{ status: 'confirmed', endedAtMs: 1_640 }, 'Confirmed after 640 ms'],
  [{ status: 'undone', endedAtMs: 3_000 }, 'Fully undone after 2.0 s'],
  [{ status: 'stuck', endedAtMs: 3_000 }, 'Stuck after 2.0 s; nothing more happens by itself'],
])('%j', (change, story) => expect(storyOf(anOrder(change), 4_000)).toBe(story));

test.each([
  ['ReserveInventory: InsufficientStock. none left', 'Reserve inventory: InsufficientStock. none left'],
  ['a step failed', 'a step failed'],
])('reason %s', (reason, words) => expect(reasonWords(reason)).toBe(words));

describe('the order form', () => {
  const draft: OrderDraft = {
    customerId: 'c-1',
    lines: [
      { productId: 'p-1', quantity: '2' },
      { productId: 'p-2', quantity: '' },
    ],
  };

  test('what is typed is sent as numbers, and an empty field as no number', () => {
    expect(JSON.parse(JSON.stringify(requestOf(draft)))).toEqual({
      customerId: 'c-1',
      lines: [
        { productId: 'p-1', quantity: 2 },
        { productId: 'p-2', quantity: null },
      ],
    });
  });

  test('its fields are the pointers that the shop names', () => {
    expect(fieldsOf(draft)).toEqual([
      '/customerId',
      '/lines/0/productId',
      '/lines/0/quantity',
      '/lines/1/productId',
      '/lines/1/quantity',
    ]);
  });

  test('lines change and go by their place', () => {
    expect(withLine(draft, 1, { quantity: '7' }).lines.map(({ quantity }) => quantity)).toEqual(['2', '7']);
    expect(withoutLine(draft, 0).lines).toEqual([{ productId: 'p-2', quantity: '' }]);
  });

  test.each([
    ['3', 3],
    [' 3 ', 3],
    ['1.5', 1.5],
    ['-2', -2],
    ['', Number.NaN],
    ['many', Number.NaN],
  ])('%j is %d', (typed, value) => expect(numberOf(typed)).toBe(value));
});
