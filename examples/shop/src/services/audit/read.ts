/** Reads what the audit needs from the three stores that hold effects: read-only, one read transaction each. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '@holdfast/embedded';
import { number, type Row, text } from '../kit/rows.ts';

/** How long a read waits for a service that starts up or checkpoints, in ms. */
const BUSY_MS = 5_000;

/** A store is missing or cannot be read, so that nothing can be said about the books. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code = 'HF_SHOP_AUDIT';
}

export interface Account {
  readonly customerId: string;
  readonly initialCents: number;
  readonly balanceCents: number;
}

export interface Payment {
  readonly orderId: string;
  /** `undefined` on a tombstone. */
  readonly customerId: string | undefined;
  readonly amountCents: number;
  readonly state: string;
}

/** One ledger row. `amount` is cents or units, 0 for shipping; `productId` is of inventory only. */
export interface LedgerRow {
  readonly orderId: string;
  readonly kind: string;
  readonly productId: string | undefined;
  readonly amount: number;
}

export interface Shelf {
  readonly productId: string;
  readonly priceCents: number;
  readonly initialUnits: number;
  readonly units: number;
}

/** Goods of an order that is not undone. */
export interface Goods {
  readonly orderId: string;
  readonly productId: string;
  readonly units: number;
}

export interface Books {
  readonly accounts: readonly Account[];
  readonly payments: readonly Payment[];
  readonly paymentLedger: readonly LedgerRow[];
  readonly shelves: readonly Shelf[];
  readonly reserved: readonly Goods[];
  readonly inventoryLedger: readonly LedgerRow[];
  readonly shipped: readonly Goods[];
  /** Orders whose shipment is booked. */
  readonly shipments: readonly string[];
  readonly shippingLedger: readonly LedgerRow[];
}

/** @throws AuditError naming the store that is missing or unreadable. */
export function readBooks(dataFolder: string): Books {
  return {
    ...read(dataFolder, 'payment', (all) => ({
      accounts: all('SELECT customer_id, initial_cents, balance_cents FROM customers').map((row) => ({
        customerId: text(row, 'customer_id'),
        initialCents: number(row, 'initial_cents'),
        balanceCents: number(row, 'balance_cents'),
      })),
      payments: all(
        'SELECT order_id, customer_id, amount_cents, state FROM reservations ORDER BY order_id',
      ).map((row) => ({
        orderId: text(row, 'order_id'),
        customerId: row['customer_id'] === null ? undefined : text(row, 'customer_id'),
        amountCents: number(row, 'amount_cents'),
        state: text(row, 'state'),
      })),
      paymentLedger: all('SELECT order_id, kind, amount_cents AS amount FROM ledger').map(ledgerRow),
    })),
    ...read(dataFolder, 'inventory', (all) => ({
      shelves: all('SELECT product_id, price_cents, initial_units, units FROM stock').map((row) => ({
        productId: text(row, 'product_id'),
        priceCents: number(row, 'price_cents'),
        initialUnits: number(row, 'initial_units'),
        units: number(row, 'units'),
      })),
      reserved: all(
        `SELECT order_id, product_id, units FROM reservations JOIN reservation_lines USING (order_id)
         WHERE state = 'active' ORDER BY order_id, product_id`,
      ).map(goods),
      inventoryLedger: all('SELECT order_id, kind, product_id, units AS amount FROM ledger').map(ledgerRow),
    })),
    ...read(dataFolder, 'shipping', (all) => ({
      shipped: all(
        `SELECT order_id, product_id, units FROM shipments JOIN shipment_lines USING (order_id)
         WHERE state = 'active' ORDER BY order_id, product_id`,
      ).map(goods),
      shipments: all("SELECT order_id FROM shipments WHERE state = 'active' ORDER BY order_id").map((row) =>
        text(row, 'order_id'),
      ),
      shippingLedger: all('SELECT order_id, kind, 0 AS amount FROM ledger').map(ledgerRow),
    })),
  };
}

function read<T>(dataFolder: string, service: string, from: (all: (sql: string) => readonly Row[]) => T): T {
  const path = join(dataFolder, `${service}.sqlite`);
  if (!existsSync(path))
    throw new AuditError(`${path} is missing: the audit needs the stores of payment, inventory and shipping`);
  let database: DatabaseSync | undefined;
  try {
    const opened = openDatabase(path, { readOnly: true, busyTimeoutMs: BUSY_MS });
    database = opened;
    opened.exec('BEGIN');
    return from((sql) => opened.prepare(sql).all());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AuditError(`cannot audit the store ${path}: ${reason}`, { cause: error });
  } finally {
    database?.close();
  }
}

function goods(row: Row): Goods {
  return { orderId: text(row, 'order_id'), productId: text(row, 'product_id'), units: number(row, 'units') };
}

function ledgerRow(row: Row): LedgerRow {
  return {
    orderId: text(row, 'order_id'),
    kind: text(row, 'kind'),
    amount: number(row, 'amount'),
    productId: row['product_id'] === undefined ? undefined : text(row, 'product_id'),
  };
}
