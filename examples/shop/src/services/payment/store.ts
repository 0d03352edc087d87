/** Payment's tables and the one place where money moves: balance, reservation and ledger row together. */
import type { DatabaseSync } from 'node:sqlite';
import { number, text } from '../kit/rows.ts';
import type { Delivered } from '../kit/service.ts';
import { type Movement, type PaymentState, paymentState } from './machine.ts';

/**
 * The ledger is append-only, and nothing but the transaction keeps a movement from being written
 * twice: a constraint would hide the very fault that the audit looks for.
 */
export const PAYMENT_SCHEMA = `
  CREATE TABLE customers (
    customer_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    initial_cents INTEGER NOT NULL,
    balance_cents INTEGER NOT NULL CHECK (balance_cents >= 0)
  ) STRICT;
  CREATE TABLE reservations (
    order_id TEXT PRIMARY KEY,
    customer_id TEXT REFERENCES customers,
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    state TEXT NOT NULL CHECK (state IN ('reserved', 'captured', 'released', 'refunded')),
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reserve', 'capture', 'release', 'refund')),
    amount_cents INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_order ON ledger (order_id);
`;

export interface Reservation {
  readonly orderId: string;
  /** Absent on a tombstone: the order was undone before it named a customer. */
  readonly customerId: string | undefined;
  readonly amountCents: number;
  readonly state: PaymentState;
}

export interface PaymentStore {
  find(orderId: string): Reservation | undefined;
  /** `undefined` for an unknown customer. */
  balanceCents(customerId: string): number | undefined;
  /** Writes `next`, moves its money as `movement` says, and enters both in the ledger. Call within a transaction. */
  move(next: Reservation & { readonly customerId: string }, movement: Movement, delivered: Delivered): void;
  entomb(orderId: string, delivered: Delivered): void;
}

/** What a movement does to the customer's balance. */
const SIGN: Readonly<Record<Movement, -1 | 0 | 1>> = { reserve: -1, capture: 0, release: 1, refund: 1 };

export function paymentStore(database: DatabaseSync): PaymentStore {
  const find = database.prepare(
    'SELECT customer_id, amount_cents, state FROM reservations WHERE order_id = ?',
  );
  const balance = database.prepare('SELECT balance_cents FROM customers WHERE customer_id = ?');
  const pay = database.prepare(
    'UPDATE customers SET balance_cents = balance_cents + ? WHERE customer_id = ?',
  );
  const put = database.prepare(
    `INSERT INTO reservations (order_id, customer_id, amount_cents, state, at_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (order_id) DO UPDATE SET state = excluded.state, at_ms = excluded.at_ms`,
  );
  const enter = database.prepare(
    'INSERT INTO ledger (order_id, kind, amount_cents, at_ms, idempotency_key) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    find: (orderId) => {
      const row = find.get(orderId);
      if (row === undefined) return undefined;
      const customerId = row['customer_id'] === null ? undefined : text(row, 'customer_id');
      return {
        orderId,
        customerId,
        amountCents: number(row, 'amount_cents'),
        state: paymentState(text(row, 'state')),
      };
    },
    balanceCents: (customerId) => {
      const row = balance.get(customerId);
      return row === undefined ? undefined : number(row, 'balance_cents');
    },
    move: ({ orderId, customerId, amountCents, state }, movement, { key, nowMs }) => {
      pay.run(SIGN[movement] * amountCents, customerId);
      put.run(orderId, customerId, amountCents, state, nowMs);
      enter.run(orderId, movement, amountCents, nowMs, key);
    },
    entomb: (orderId, { nowMs }) => {
      put.run(orderId, null, 0, 'released', nowMs);
    },
  };
}
