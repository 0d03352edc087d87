import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Audit, AuditError, audit } from './audit.ts';
import {
  type Command,
  costOf,
  criticalServices,
  type TestOrder,
} from './testing/critical-services.fixture.ts';

const order = (orderId: string, quantity: number): TestOrder => ({
  orderId,
  customerId: 'c-001',
  lines: [
    { productId: 'p-00001', quantity },
    { productId: 'p-00002', quantity: 1 },
  ],
});
const sold = order('sold', 2);
const undone = order('undone', 3);
const ways: readonly (readonly [TestOrder, readonly Command[]])[] = [
  [sold, ['pay', 'take', 'ship', 'capture']],
  [undone, ['pay', 'take', 'ship', 'capture', 'cancel', 'putBack', 'releasePayment']],
  [order('tombstone', 1), ['cancel', 'putBack', 'releasePayment', 'pay', 'take', 'ship']],
];

let good = '';
beforeAll(async () => {
  await using services = await criticalServices();
  for (const [each, commands] of ways) for (const command of commands) await services.run(command, each);
  await services.close();
  good = mkdtempSync(join(tmpdir(), 'holdfast-audit-'));
  cpSync(services.dataFolder, good, { recursive: true });
});
afterAll(() => rmSync(good, { recursive: true, force: true }));

test('books that add up: one order sold, one undone, one refused for ever', () => {
  const { money, stock, ...rest } = audit(good);
  expect(rest).toEqual({
    orders: { captured: ['sold'], reservedStock: ['sold'], shipped: ['sold'], held: [] },
    duplicatedEffects: 0,
    balanceDifference: { money: 0, stock: 0 },
  });
  expect(money).toEqual({
    initialCents: expect.any(Number),
    balancesCents: money.initialCents - costOf(sold),
    heldCents: 0,
    takingsCents: costOf(sold),
    goodsValueCents: costOf(sold),
    refundedCents: costOf(undone),
  });
  expect(stock).toEqual({
    initialUnits: expect.any(Number),
    unitsOnShelves: stock.initialUnits - 3,
    unitsReserved: 3,
    unitsShipped: 3,
  });
});

/** The books after `sql` was done to a copy of one store. */
function corrupted(service: string, sql: string): Audit {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-audit-'));
  try {
    cpSync(good, folder, { recursive: true });
    using database = new DatabaseSync(join(folder, `${service}.sqlite`), {
      enableForeignKeyConstraints: false,
    });
    const before = database.prepare('SELECT total_changes() AS n').get()?.['n'];
    database.exec(sql);
    expect(database.prepare('SELECT total_changes() AS n').get()?.['n']).not.toBe(before);
    return audit(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a corrupted store shows', () => {
  test.each<
    [why: string, service: string, sql: string, found: { money?: true; stock?: true; duplicates?: number }]
  >([
    [
      'a cent out of nothing',
      'payment',
      "UPDATE customers SET balance_cents = balance_cents + 1 WHERE customer_id = 'c-009'",
      { money: true },
    ],
    [
      'two errors that cancel out',
      'payment',
      "UPDATE customers SET balance_cents = balance_cents + CASE customer_id WHEN 'c-009' THEN 1 ELSE -1 END WHERE customer_id IN ('c-009', 'c-010')",
      { money: true },
    ],
    [
      'a charge written twice',
      'payment',
      "INSERT INTO ledger (order_id, kind, amount_cents, at_ms, idempotency_key) SELECT order_id, kind, amount_cents, at_ms, 'again' FROM ledger WHERE order_id = 'sold' AND kind = 'capture'",
      { money: true, duplicates: 1 },
    ],
    [
      'a charge whose row is lost',
      'payment',
      "DELETE FROM ledger WHERE order_id = 'sold' AND kind = 'capture'",
      { money: true },
    ],
    [
      'money held for an order that nobody ends',
      'payment',
      "DELETE FROM ledger WHERE order_id = 'sold' AND kind = 'capture'; UPDATE reservations SET state = 'reserved' WHERE order_id = 'sold'",
      { money: true },
    ],
    [
      'an order captured without a row',
      'payment',
      "UPDATE reservations SET state = 'captured' WHERE order_id = 'undone'",
      { money: true },
    ],
    [
      'a refund that the order forgot',
      'payment',
      "DELETE FROM ledger WHERE kind = 'refund'",
      { money: true },
    ],
    [
      'another amount than the goods cost',
      'payment',
      "UPDATE ledger SET amount_cents = amount_cents + 1 WHERE order_id = 'sold'; UPDATE reservations SET amount_cents = amount_cents + 1 WHERE order_id = 'sold'; UPDATE customers SET balance_cents = balance_cents - 1 WHERE customer_id = 'c-001'",
      { money: true },
    ],
    [
      'a piece out of nothing',
      'inventory',
      "UPDATE stock SET units = units + 1 WHERE product_id = 'p-00009'",
      { stock: true },
    ],
    [
      'two pieces that cancel out',
      'inventory',
      "UPDATE stock SET units = units + CASE product_id WHEN 'p-00009' THEN 1 ELSE -1 END WHERE product_id IN ('p-00009', 'p-00010')",
      { stock: true },
    ],
    [
      'goods taken twice',
      'inventory',
      "INSERT INTO ledger (order_id, product_id, kind, units, at_ms, idempotency_key) SELECT order_id, product_id, kind, units, at_ms, 'again' FROM ledger WHERE order_id = 'sold'",
      { stock: true, duplicates: 2 },
    ],
    [
      'goods back on the shelf of an order that was sold',
      'inventory',
      "UPDATE reservations SET state = 'undone' WHERE order_id = 'sold'",
      { money: true, stock: true },
    ],
    [
      'a lost ledger row',
      'inventory',
      "DELETE FROM ledger WHERE order_id = 'undone' AND kind = 'release'",
      { stock: true },
    ],
    [
      'a shipment without goods',
      'shipping',
      "UPDATE shipments SET state = 'active' WHERE order_id = 'undone'",
      { stock: true },
    ],
    [
      'goods that never left',
      'shipping',
      "UPDATE shipments SET state = 'undone' WHERE order_id = 'sold'",
      { stock: true },
    ],
    [
      'other goods in the parcel',
      'shipping',
      "UPDATE shipment_lines SET product_id = 'p-00007' WHERE order_id = 'sold' AND product_id = 'p-00001'",
      { stock: true },
    ],
    [
      'a shipment booked twice',
      'shipping',
      "INSERT INTO ledger (order_id, kind, at_ms, idempotency_key) VALUES ('sold', 'ship', 0, 'again')",
      { stock: true, duplicates: 1 },
    ],
  ])('%s', (_why, service, sql, { money = false, stock = false, duplicates = 0 }) => {
    const { balanceDifference, duplicatedEffects } = corrupted(service, sql);
    expect({
      money: balanceDifference.money > 0,
      stock: balanceDifference.stock > 0,
      duplicates: duplicatedEffects,
    }).toEqual({
      money,
      stock,
      duplicates,
    });
  });
});

test('an order under way is held and counted as a difference', async () => {
  await using services = await criticalServices();
  await services.run('pay', sold);
  await services.run('take', sold);
  const { orders, balanceDifference } = audit(services.dataFolder);
  expect(orders).toEqual({ captured: [], reservedStock: ['sold'], shipped: [], held: ['sold'] });
  expect(balanceDifference).toEqual({ money: 2 * costOf(sold), stock: 3 });
});

test.each<[why: string, prepare: (folder: string) => void, message: RegExp]>([
  [
    'missing',
    (folder) => rmSync(join(folder, 'shipping.sqlite')),
    /shipping\.sqlite is missing: the audit needs the stores of/,
  ],
  [
    'no store',
    (folder) => writeFileSync(join(folder, 'payment.sqlite'), 'x'.repeat(4_096)),
    /cannot audit the store .*payment\.sqlite: .*file is not a database/,
  ],
])('a store that is %s is an error, not an empty book', (_why, prepare, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-audit-'));
  try {
    cpSync(good, folder, { recursive: true });
    prepare(folder);
    expect(() => audit(folder)).toThrow(AuditError);
    expect(() => audit(folder)).toThrow(message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
