import { expect, test } from 'vitest';
import { catalogue, customers, type Product, products } from './catalogue.ts';
import { CATEGORIES } from './words.ts';

const range = products(1);

test('the same seed makes the same world, another seed another', () => {
  expect(catalogue(1)).toEqual(catalogue(1));
  expect(products(1)).toEqual(catalogue(1).products);
  expect(products(2)).not.toEqual(range);
  expect(customers(2)).not.toEqual(customers(1));
});

test.each<[what: string, of: (product: Product) => unknown]>([
  ['id', ({ productId }) => productId],
  ['name', ({ name }) => name],
])('5,000 products, no two of one %s', (_what, of) => {
  expect(new Set(range.map(of)).size).toBe(5_000);
});

test('every product is within the bounds that others count on', () => {
  expect([range[0]?.productId, range.at(-1)?.productId]).toEqual(['p-00001', 'p-05000']);
  for (const { stock, priceCents, popularity, keywords } of range) {
    expect(stock).toSatisfy((units: number) => Number.isInteger(units) && units >= 20 && units <= 500);
    expect(priceCents).toSatisfy(
      (cents: number) => Number.isInteger(cents) && cents >= 499 && cents < 100_000,
    );
    expect(popularity).toSatisfy((share: number) => share >= 0 && share <= 1);
    expect(keywords).not.toBe('');
  }
  expect(new Set(range.map(({ category }) => category))).toEqual(new Set(CATEGORIES.map(({ name }) => name)));
});

test('500 customers with several thousand euro each', () => {
  const people = customers(1);
  expect([people.length, people[0]?.customerId, people.at(-1)?.customerId]).toEqual([500, 'c-001', 'c-500']);
  expect(new Set(people.map(({ name }) => name)).size).toBe(500);
  for (const { balanceCents } of people)
    expect(balanceCents).toSatisfy((cents: number) => cents >= 400_000 && cents <= 900_000);
});

test('past orders name what exists and cost what their lines cost', () => {
  const world = catalogue(1);
  const prices = new Map(world.products.map(({ productId, priceCents }) => [productId, priceCents]));
  const counts = Map.groupBy(world.pastOrders, ({ customerId }) => customerId);
  expect(counts.size).toBe(500);
  for (const orders of counts.values()) expect(orders.length).toSatisfy((n: number) => n >= 6 && n <= 12);
  for (const { lines, totalCents } of world.pastOrders) {
    const cost = lines.reduce(
      (sum, { productId, quantity }) => sum + (prices.get(productId) ?? Number.NaN) * quantity,
      0,
    );
    expect(totalCents).toBe(cost);
  }
});
