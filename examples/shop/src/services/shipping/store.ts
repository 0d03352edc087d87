/** Shipping's tables and the one place where shipments are booked and cancelled, each with its ledger row. */
import type { DatabaseSync } from 'node:sqlite';
import type { Line } from '../kit/fields.ts';
import { number, type Row, text } from '../kit/rows.ts';
import type { Delivered } from '../kit/service.ts';
import { type UndoableState, undoableState } from '../kit/undoable.ts';

/** As in payment, no constraint keeps the append-only ledger from saying a thing twice. */
export const SHIPPING_SCHEMA = `
  CREATE TABLE destinations (customer_id TEXT PRIMARY KEY, zone INTEGER NOT NULL CHECK (zone BETWEEN 1 AND 4)) STRICT;
  CREATE TABLE shipments (
    order_id TEXT PRIMARY KEY,
    shipment_id TEXT,
    customer_id TEXT REFERENCES destinations,
    carrier TEXT,
    eta_days INTEGER,
    state TEXT NOT NULL CHECK (state IN ('active', 'undone')),
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE shipment_lines (
    order_id TEXT NOT NULL REFERENCES shipments,
    product_id TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    PRIMARY KEY (order_id, product_id)
  ) STRICT;
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ship', 'cancel')),
    at_ms INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_order ON ledger (order_id);
`;

export interface Shipment {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly customerId: string;
  readonly carrier: string;
  readonly etaDays: number;
  readonly lines: readonly Line[];
}

export interface ShippingStore {
  state(orderId: string): UndoableState;
  /** The booked shipment of an active order. @throws RangeError when there is none. */
  shipment(orderId: string): Shipment;
  /** Delivery zone 1 (near) to 4 (far); `undefined` for an unknown customer. */
  zone(customerId: string): number | undefined;
  book(shipment: Shipment, delivered: Delivered): void;
  cancel(orderId: string, delivered: Delivered): void;
  entomb(orderId: string, delivered: Delivered): void;
}

export function shippingStore(database: DatabaseSync): ShippingStore {
  const find = database.prepare(
    'SELECT order_id, shipment_id, customer_id, carrier, eta_days, state FROM shipments WHERE order_id = ?',
  );
  const lines = database.prepare(
    'SELECT product_id, units FROM shipment_lines WHERE order_id = ? ORDER BY product_id',
  );
  const zone = database.prepare('SELECT zone FROM destinations WHERE customer_id = ?');
  const put = database.prepare("INSERT INTO shipments VALUES (?, ?, ?, ?, ?, 'active', ?)");
  const putLine = database.prepare(
    'INSERT INTO shipment_lines (order_id, product_id, units) VALUES (?, ?, ?)',
  );
  const undo = database.prepare("UPDATE shipments SET state = 'undone', at_ms = ? WHERE order_id = ?");
  const bury = database.prepare("INSERT INTO shipments (order_id, state, at_ms) VALUES (?, 'undone', ?)");
  const enter = database.prepare(
    'INSERT INTO ledger (order_id, kind, at_ms, idempotency_key) VALUES (?, ?, ?, ?)',
  );
  const linesOf = (orderId: string): readonly Line[] =>
    lines.all(orderId).map((row) => ({ productId: text(row, 'product_id'), quantity: number(row, 'units') }));
  return {
    state: (orderId) => {
      const row = find.get(orderId);
      return row === undefined ? 'absent' : undoableState(text(row, 'state'));
    },
    shipment: (orderId) => {
      const row = find.get(orderId);
      if (row === undefined || text(row, 'state') !== 'active')
        throw new RangeError(`order ${orderId} has no active shipment`);
      return shipmentOf(row, linesOf(orderId));
    },
    zone: (customerId) => {
      const row = zone.get(customerId);
      return row === undefined ? undefined : number(row, 'zone');
    },
    book: (shipment, { key, nowMs }) => {
      const { orderId, shipmentId, customerId, carrier, etaDays } = shipment;
      put.run(orderId, shipmentId, customerId, carrier, etaDays, nowMs);
      for (const { productId, quantity } of shipment.lines) putLine.run(orderId, productId, quantity);
      enter.run(orderId, 'ship', nowMs, key);
    },
    cancel: (orderId, { key, nowMs }) => {
      undo.run(nowMs, orderId);
      enter.run(orderId, 'cancel', nowMs, key);
    },
    entomb: (orderId, { nowMs }) => {
      bury.run(orderId, nowMs);
    },
  };
}

function shipmentOf(row: Row, lines: readonly Line[]): Shipment {
  return {
    orderId: text(row, 'order_id'),
    shipmentId: text(row, 'shipment_id'),
    customerId: text(row, 'customer_id'),
    carrier: text(row, 'carrier'),
    etaDays: number(row, 'eta_days'),
    lines,
  };
}
