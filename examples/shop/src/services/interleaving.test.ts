/**
 * The law of the critical services: whatever commands arrive, in whatever order, how often, and at once,
 * the books balance in every store, and no effect happens twice.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from './audit.ts';
import {
  COMMANDS,
  type Command,
  type CriticalServices,
  costOf,
  criticalServices,
  type TestOrder,
} from './testing/critical-services.fixture.ts';

let services: CriticalServices;
beforeAll(async () => {
  services = await criticalServices();
});
afterAll(() => services[Symbol.asyncDispose]());

interface Delivery {
  readonly command: Command;
  readonly order: number;
  /** Deliveries of one attempt carry one key; another attempt has another. */
  readonly attempt: number;
  readonly copies: number;
}

const delivery: fc.Arbitrary<Delivery> = fc.record({
  command: fc.constantFrom(...COMMANDS),
  order: fc.nat({ max: 3 }),
  attempt: fc.nat({ max: 1 }),
  copies: fc.integer({ min: 1, max: 4 }),
});
const quantities = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 4 });

test('money and goods only move between known places, under any interleaving of duplicated deliveries', async () => {
  const outcomes = new Set<string>();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(delivery, { maxLength: 40, size: 'max' }),
      quantities,
      async (deliveries, amounts) => {
        run += 1;
        const orders = amounts.map((quantity, index): TestOrder => {
          const lines = [
            { productId: 'p-00003', quantity },
            { productId: 'p-00004', quantity: 1 },
          ];
          return { orderId: `o-${run}-${index}`, customerId: `c-00${1 + index}`, lines };
        });
        const arriving = deliveries.flatMap(({ command, order, attempt, copies }) =>
          orders
            .slice(order, order + 1)
            .flatMap((each) =>
              Array.from({ length: copies }, () =>
                services.run(command, each, `${each.orderId}:${command}:${attempt}`),
              ),
            ),
        );
        for (const { outcome } of await Promise.all(arriving)) outcomes.add(outcome);
        const { duplicatedEffects, money, stock } = audit(services.dataFolder);
        expect(duplicatedEffects).toBe(0);
        expect(money.initialCents).toBe(money.balancesCents + money.heldCents + money.takingsCents);
        expect(stock.initialUnits).toBe(stock.unitsOnShelves + stock.unitsReserved);
        // Then every order is undone, and nothing of it may remain.
        for (const order of orders)
          for (const command of ['cancel', 'putBack', 'releasePayment'] as const)
            await services.run(command, order, `${order.orderId}:end:${command}`);
        expect(audit(services.dataFolder)).toMatchObject({
          orders: { captured: [], reservedStock: [], shipped: [], held: [] },
          duplicatedEffects: 0,
          balanceDifference: { money: 0, stock: 0 },
        });
      },
    ),
    { numRuns: 25, seed: 1 },
  );
  const seen = [...outcomes];
  for (const outcome of [
    '201 reserved',
    '200 captured',
    '200 released',
    '200 refunded',
    '201 shipped',
    '200 cancelled',
    '409 already-released',
  ]) {
    expect(seen).toContain(outcome);
  }
});

test('orders that are carried through, all at once and each command twice, are sold once each', async () => {
  const orders = Array.from(
    { length: 30 },
    (_, index): TestOrder => ({
      orderId: `sold-${index}`,
      customerId: `c-1${String(index).padStart(2, '0')}`,
      lines: [{ productId: `p-001${String(index).padStart(2, '0')}`, quantity: 1 }],
    }),
  );
  for (const command of ['pay', 'take', 'ship', 'capture'] as const) {
    await Promise.all([...orders, ...orders].map((order) => services.run(command, order)));
  }
  const { money, orders: ended, balanceDifference, duplicatedEffects } = audit(services.dataFolder);
  const ids = orders.map(({ orderId }) => orderId).sort();
  expect(ended).toEqual({ captured: ids, reservedStock: ids, shipped: ids, held: [] });
  expect({ balanceDifference, duplicatedEffects }).toEqual({
    balanceDifference: { money: 0, stock: 0 },
    duplicatedEffects: 0,
  });
  expect(money.takingsCents).toBe(orders.reduce((sum, order) => sum + costOf(order), 0));
  using payment = new DatabaseSync(join(services.dataFolder, 'payment.sqlite'), { readOnly: true });
  expect(payment.prepare("SELECT count(*) AS n FROM ledger WHERE order_id LIKE 'sold-%'").get()).toEqual({
    n: 60,
  });
});
