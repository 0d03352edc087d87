/** Inventory's tables and the one place where goods move: stock, reservation lines and ledger rows together. */
import type { DatabaseSync } from 'node:sqlite';
import type { Line } from '../kit/fields.ts';
import { number, text } from '../kit/rows.ts';
import type { Delivered } from '../kit/service.ts';
import { type UndoableState, undoableState } from '../kit/undoable.ts';

/** As in payment, no constraint keeps the append-only ledger from saying a thing twice. */
export const INVENTORY_SCHEMA = `
  CREATE TABLE stock (
    product_id TEXT PRIMARY KEY,
    price_cents INTEGER NOT NULL,
    initial_units INTEGER NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0)
  ) STRICT;
  CREATE TABLE reservations (
    order_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('active', 'undone')),
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE reservation_lines (
    order_id TEXT NOT NULL REFERENCES reservations,
    product_id TEXT NOT NULL REFERENCES stock,
    units INTEGER NOT NULL CHECK (units > 0),
    PRIMARY KEY (order_id, product_id)
  ) STRICT;
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reserve', 'release')),
    units INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_order ON ledger (order_id);
`;

export interface InventoryStore {
  state(orderId: string): UndoableState;
  /** By product id. */
  linesOf(orderId: string): readonly Line[];
  /** Pieces on the shelf; `undefined` for an unknown product. */
  units(productId: string): number | undefined;
  /** Takes the goods off the shelf. Call within a transaction, with enough of everything. */
  take(orderId: string, lines: readonly Line[], delivered: Delivered): void;
  /** Puts the goods back. Call within a transaction. */
  putBack(orderId: string, lines: readonly Line[], delivered: Delivered): void;
  entomb(orderId: string, delivered: Delivered): void;
}

export function inventoryStore(database: DatabaseSync): InventoryStore {
  const state = database.prepare('SELECT state FROM reservations WHERE order_id = ?');
  const lines = database.prepare(
    'SELECT product_id, units FROM reservation_lines WHERE order_id = ? ORDER BY product_id',
  );
  const units = database.prepare('SELECT units FROM stock WHERE product_id = ?');
  const put = database.prepare(
    `INSERT INTO reservations (order_id, state, at_ms) VALUES (?, ?, ?)
     ON CONFLICT (order_id) DO UPDATE SET state = excluded.state, at_ms = excluded.at_ms`,
  );
  const putLine = database.prepare(
    'INSERT INTO reservation_lines (order_id, product_id, units) VALUES (?, ?, ?)',
  );
  const shelve = database.prepare('UPDATE stock SET units = units + ? WHERE product_id = ?');
  const enter = database.prepare(
    'INSERT INTO ledger (order_id, product_id, kind, units, at_ms, idempotency_key) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    state: (orderId) => {
      const row = state.get(orderId);
      return row === undefined ? 'absent' : undoableState(text(row, 'state'));
    },
    linesOf: (orderId) =>
      lines
        .all(orderId)
        .map((row) => ({ productId: text(row, 'product_id'), quantity: number(row, 'units') })),
    units: (productId) => {
      const row = units.get(productId);
      return row === undefined ? undefined : number(row, 'units');
    },
    take: (orderId, taken, { key, nowMs }) => {
      put.run(orderId, 'active', nowMs);
      for (const { productId, quantity } of taken) {
        putLine.run(orderId, productId, quantity);
        shelve.run(-quantity, productId);
        enter.run(orderId, productId, 'reserve', quantity, nowMs, key);
      }
    },
    putBack: (orderId, returned, { key, nowMs }) => {
      put.run(orderId, 'undone', nowMs);
      for (const { productId, quantity } of returned) {
        shelve.run(quantity, productId);
        enter.run(orderId, productId, 'release', quantity, nowMs, key);
      }
    },
    entomb: (orderId, { nowMs }) => {
      put.run(orderId, 'undone', nowMs);
    },
  };
}
