import { expect, test } from 'vitest';
import type { StoredProduct } from '../catalogue/product-table.ts';
import { type Evidence, recommend } from './recommend.ts';

const product = (productId: string, name: string, category: string): StoredProduct => ({
  productId,
  name,
  category,
  priceCents: 100,
  popularity: 0.5,
  keywords: '',
});
const lamp = product('p-1', 'Desk Lamp', 'Lighting');
const pen = product('p-2', 'Fountain Pen', 'Stationery');
const tent = product('p-3', 'Tent', 'Outdoor');
const nothing: Evidence = { query: ['lamp'], found: [], companions: [], popular: [], likes: new Map() };
const ids = (evidence: Partial<Evidence>, limit = 10): string[] =>
  recommend({ ...nothing, ...evidence }, limit).map(({ product: { productId } }) => productId);

test.each<[why: string, evidence: Partial<Evidence>, expected: string[]]>([
  ['nothing is known', {}, []],
  ['what the words found', { found: [{ product: lamp, relevance: 1 }] }, ['p-1']],
  [
    'what was bought with it comes too',
    { found: [{ product: lamp, relevance: 1 }], companions: [{ product: pen, orders: 3, of: 1 }] },
    ['p-1', 'p-2'],
  ],
  [
    'more orders together count more',
    {
      companions: [
        { product: tent, orders: 1, of: 1 },
        { product: pen, orders: 2, of: 1 },
      ],
    },
    ['p-2', 'p-3'],
  ],
  [
    'a liked category lifts its popular products',
    {
      popular: [pen, tent],
      likes: new Map([
        ['Outdoor', 4],
        ['Stationery', 1],
      ]),
    },
    ['p-3', 'p-2'],
  ],
  ['what nobody likes or searches is left out', { popular: [pen, tent] }, []],
  [
    'a product from several sources comes once',
    {
      found: [{ product: lamp, relevance: 1 }],
      popular: [lamp],
      companions: [{ product: lamp, orders: 1, of: 1 }],
    },
    ['p-1'],
  ],
])('%s', (_why, evidence, expected) => {
  expect(ids(evidence)).toEqual(expected);
});

test('the best so many, each in 0..1', () => {
  const evidence = {
    found: [{ product: lamp, relevance: 1 }],
    companions: [{ product: pen, orders: 99, of: 1 }],
    likes: new Map([['Lighting', 9]]),
  };
  expect(ids(evidence, 1)).toEqual(['p-1']);
  for (const { relevance } of recommend({ ...nothing, ...evidence }, 10))
    expect(relevance).toSatisfy((it: number) => it > 0 && it <= 1);
});
