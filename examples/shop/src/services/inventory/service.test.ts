import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { products } from '../catalogue/catalogue.ts';
import { fresh, type Reply, type ServiceUnderTest, serviceUnderTest } from '../testing/service.fixture.ts';

let inventory: ServiceUnderTest;
beforeAll(async () => {
  inventory = await serviceUnderTest('inventory');
});
afterAll(() => inventory[Symbol.asyncDispose]());

const [first, second] = products(1);
const [A, B] = [first?.productId ?? '', second?.productId ?? ''];
const reserve = (orderId: string, lines: object[], key = fresh('key')): Promise<Reply> =>
  inventory.post('/reservations', { orderId, lines }, key);
const release = (orderId: string): Promise<Reply> =>
  inventory.post(`/reservations/${orderId}/release`, undefined, fresh('key'));
const of = (productId: string, quantity: number): object => ({ productId, quantity });

function units(productId: string): number {
  using database = new DatabaseSync(join(inventory.dataFolder, 'inventory.sqlite'), { readOnly: true });
  return Number(database.prepare('SELECT units FROM stock WHERE product_id = ?').get(productId)?.['units']);
}

function ledger(orderId: string): unknown[] {
  using database = new DatabaseSync(join(inventory.dataFolder, 'inventory.sqlite'), { readOnly: true });
  const rows = database
    .prepare('SELECT kind, product_id, units FROM ledger WHERE order_id = ? ORDER BY id')
    .all(orderId);
  return rows.map((row) => `${row['kind']} ${row['units']} ${row['product_id']}`);
}

test('takes every line or none, and puts all of it back', async () => {
  const [orderId, before] = [fresh('o'), { a: units(A), b: units(B) }];
  expect(await reserve(orderId, [of(A, 2), of(B, 1), of(A, 1)])).toMatchObject({
    status: 201,
    body: { orderId, state: 'reserved', lines: [of(A, 3), of(B, 1)] },
  });
  expect({ a: units(A), b: units(B) }).toEqual({ a: before.a - 3, b: before.b - 1 });
  expect(await release(orderId)).toMatchObject({ status: 200, body: { orderId, state: 'released' } });
  expect({ a: units(A), b: units(B) }).toEqual(before);
  expect(ledger(orderId)).toEqual([`reserve 3 ${A}`, `reserve 1 ${B}`, `release 3 ${A}`, `release 1 ${B}`]);
});

test('too little of one product takes nothing of the others and says what was wanted and what is there', async () => {
  const [orderId, before] = [fresh('o'), { a: units(A), b: units(B) }];
  const lines = [of(B, 1), ...Array.from({ length: 6 }, () => of(A, 100))];
  const reply = await reserve(orderId, lines);
  expect(reply).toMatchObject({ status: 409, body: { code: 'insufficient-stock' } });
  expect(reply.detail).toBe(`order ${orderId} wants 600 of ${A}, ${before.a} are available; no goods moved`);
  expect({ a: units(A), b: units(B) }).toEqual(before);
  expect(ledger(orderId)).toEqual([]);
});

test.each<[history: string, last: string]>([
  ['reserve reserve', '200 reserved'],
  ['reserve release reserve', '409 already-released'],
  ['release reserve', '409 already-released'],
  ['release release', '200 released'],
  ['reserve release release', '200 released'],
])('%s ends in %s', async (history, last) => {
  const orderId = fresh('o');
  const before = units(A);
  let reply: Reply | undefined;
  for (const command of history.split(' '))
    reply = await (command === 'reserve' ? reserve(orderId, [of(A, 1)]) : release(orderId));
  expect(reply?.outcome).toBe(last);
  expect(units(A)).toBe(before - (history.includes('release') ? 0 : 1));
});

test('other goods for an order that holds some are a conflict', async () => {
  const orderId = fresh('o');
  await reserve(orderId, [of(A, 1)]);
  expect(await reserve(orderId, [of(B, 1)])).toMatchObject({ status: 409, body: { code: 'order-conflict' } });
  await release(orderId);
});

test('every unknown product is named by its place', async () => {
  const reply = await reserve(fresh('o'), [of('p-99999', 1), of(A, 1), of('x-00001', 2)]);
  expect(reply).toMatchObject({
    status: 422,
    body: {
      code: 'unknown-product',
      errors: [{ pointer: '/lines/0/productId' }, { pointer: '/lines/2/productId' }],
    },
  });
});

test('the same key 20 times at once takes the goods once', async () => {
  const [orderId, before] = [fresh('o'), units(A)];
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => reserve(orderId, [of(A, 1)], `race-${orderId}`)),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
  expect(units(A)).toBe(before - 1);
});
