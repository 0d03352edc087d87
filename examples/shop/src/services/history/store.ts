/** History's tables: one row an order, one a line. Telling an order again replaces it. */
import type { DatabaseSync } from 'node:sqlite';
import { productOf, type StoredProduct } from '../catalogue/product-table.ts';
import type { Line } from '../kit/fields.ts';
import { number, text } from '../kit/rows.ts';

export const HISTORY_SCHEMA = `
  CREATE TABLE orders (
    order_id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    total_cents INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX orders_customer ON orders (customer_id, at_ms);
  CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders,
    product_id TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (order_id, product_id)
  ) STRICT;
`;

/** Bound of the products a customer's search looks through: the most recently bought. */
const MAX_BOUGHT = 500;

export interface HistoryOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly lines: readonly Line[];
  readonly totalCents: number;
  readonly atMs: number;
}

export interface HistoryStore {
  has(orderId: string): boolean;
  /** Call within a transaction. */
  put(order: HistoryOrder): void;
  /** Newest first. */
  orders(customerId: string, limit: number): readonly HistoryOrder[];
  /** What this customer bought before, most recent first, each product once. */
  bought(customerId: string): readonly StoredProduct[];
}

export function historyStore(database: DatabaseSync): HistoryStore {
  const has = database.prepare('SELECT 1 FROM orders WHERE order_id = ?');
  const put = database.prepare(
    `INSERT INTO orders VALUES (?, ?, ?, ?) ON CONFLICT (order_id) DO UPDATE
     SET customer_id = excluded.customer_id, total_cents = excluded.total_cents, at_ms = excluded.at_ms`,
  );
  const clear = database.prepare('DELETE FROM order_lines WHERE order_id = ?');
  const putLine = database.prepare('INSERT INTO order_lines VALUES (?, ?, ?)');
  const orders = database.prepare(
    'SELECT * FROM orders WHERE customer_id = ? ORDER BY at_ms DESC, order_id LIMIT ?',
  );
  const lines = database.prepare(
    'SELECT product_id, quantity FROM order_lines WHERE order_id = ? ORDER BY product_id',
  );
  const bought = database.prepare(
    `SELECT products.product_id, name, category, price_cents, popularity, keywords, max(at_ms) AS last_ms
     FROM orders JOIN order_lines USING (order_id) JOIN products USING (product_id)
     WHERE customer_id = ? GROUP BY products.product_id ORDER BY last_ms DESC LIMIT ${MAX_BOUGHT}`,
  );
  const linesOf = (orderId: string): readonly Line[] =>
    lines
      .all(orderId)
      .map((row) => ({ productId: text(row, 'product_id'), quantity: number(row, 'quantity') }));
  return {
    has: (orderId) => has.get(orderId) !== undefined,
    put: (order) => {
      put.run(order.orderId, order.customerId, order.totalCents, order.atMs);
      clear.run(order.orderId);
      for (const { productId, quantity } of order.lines) putLine.run(order.orderId, productId, quantity);
    },
    orders: (customerId, limit) =>
      orders.all(customerId, limit).map((row) => ({
        orderId: text(row, 'order_id'),
        customerId,
        totalCents: number(row, 'total_cents'),
        atMs: number(row, 'at_ms'),
        lines: linesOf(text(row, 'order_id')),
      })),
    bought: (customerId) => bought.all(customerId).map(productOf),
  };
}
