/** Analytics' tables: totals kept up with each event, so that a summary never reads the events themselves. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrderEvent } from '../kit/fields.ts';
import { number, text } from '../kit/rows.ts';

export const ANALYTICS_SCHEMA = `
  CREATE TABLE catalogue (product_id TEXT PRIMARY KEY, category TEXT NOT NULL, price_cents INTEGER NOT NULL) STRICT;
  CREATE TABLE by_type (type TEXT PRIMARY KEY, orders INTEGER NOT NULL, revenue_cents INTEGER NOT NULL) STRICT;
  CREATE TABLE by_category (category TEXT PRIMARY KEY, units INTEGER NOT NULL, revenue_cents INTEGER NOT NULL) STRICT;
  CREATE TABLE by_hour (hour_start_ms INTEGER PRIMARY KEY, orders INTEGER NOT NULL, revenue_cents INTEGER NOT NULL) STRICT;
`;

const HOUR_MS = 3_600_000;
/** Hours that a summary shows, the latest with orders. */
const SHOWN_HOURS = 48;
/** Category of what the shop does not sell itself. */
const OTHER = 'Other';

export interface Summary {
  readonly orders: { readonly confirmed: number; readonly undone: number };
  /** Of confirmed orders. */
  readonly revenueCents: number;
  /** Most revenue first. */
  readonly byCategory: readonly {
    readonly category: string;
    readonly units: number;
    readonly revenueCents: number;
  }[];
  /** Oldest first; hours without orders are left out. */
  readonly byHour: readonly {
    readonly hourStartMs: number;
    readonly orders: number;
    readonly revenueCents: number;
  }[];
}

export interface AnalyticsStore {
  /** Adds a new event to the totals. Call within a transaction. */
  count(event: OrderEvent, nowMs: number): void;
  summary(): Summary;
}

export function analyticsStore(database: DatabaseSync): AnalyticsStore {
  const product = database.prepare('SELECT category, price_cents FROM catalogue WHERE product_id = ?');
  const addType = database.prepare(
    `INSERT INTO by_type VALUES (?, 1, ?)
     ON CONFLICT DO UPDATE SET orders = orders + 1, revenue_cents = revenue_cents + excluded.revenue_cents`,
  );
  const addCategory = database.prepare(
    `INSERT INTO by_category VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET units = units + excluded.units, revenue_cents = revenue_cents + excluded.revenue_cents`,
  );
  const addHour = database.prepare(
    `INSERT INTO by_hour VALUES (?, 1, ?)
     ON CONFLICT DO UPDATE SET orders = orders + 1, revenue_cents = revenue_cents + excluded.revenue_cents`,
  );
  const types = database.prepare('SELECT type, orders, revenue_cents FROM by_type');
  const categories = database.prepare(
    'SELECT category, units, revenue_cents FROM by_category ORDER BY revenue_cents DESC, category',
  );
  const hours = database.prepare(
    `SELECT * FROM (SELECT * FROM by_hour ORDER BY hour_start_ms DESC LIMIT ${SHOWN_HOURS}) ORDER BY hour_start_ms`,
  );
  return {
    count: ({ type, order }, nowMs) => {
      addType.run(type, order.totalCents);
      if (type !== 'order-confirmed') return;
      addHour.run(Math.floor(nowMs / HOUR_MS) * HOUR_MS, order.totalCents);
      for (const { productId, quantity, priceCents } of order.lines) {
        const row = product.get(productId);
        const price = priceCents ?? (row === undefined ? 0 : number(row, 'price_cents'));
        addCategory.run(row === undefined ? OTHER : text(row, 'category'), quantity, quantity * price);
      }
    },
    summary: () => {
      const totals = new Map(types.all().map((row) => [text(row, 'type'), row]));
      const of = (type: string, column: string): number =>
        number(totals.get(type) ?? { [column]: 0 }, column);
      return {
        orders: { confirmed: of('order-confirmed', 'orders'), undone: of('order-undone', 'orders') },
        revenueCents: of('order-confirmed', 'revenue_cents'),
        byCategory: categories.all().map((row) => ({
          category: text(row, 'category'),
          units: number(row, 'units'),
          revenueCents: number(row, 'revenue_cents'),
        })),
        byHour: hours.all().map((row) => ({
          hourStartMs: number(row, 'hour_start_ms'),
          orders: number(row, 'orders'),
          revenueCents: number(row, 'revenue_cents'),
        })),
      };
    },
  };
}
