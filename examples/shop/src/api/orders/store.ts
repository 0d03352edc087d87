/**
 * The api's own store: accepted orders and how far the engine's feed was read. An order counts as
 * accepted once its row is on disk; starting its saga is repeated until the engine has it (outbox).
 */
import type { OrderView } from '@holdfast/dashboard/contract';
import { openDatabase } from '@holdfast/embedded';
import { inTransaction } from '../../services/kit/transaction.ts';
import type { TrackedOrder } from './projection.ts';

export interface AcceptedOrder {
  readonly tracked: TrackedOrder;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly traceparent: string | undefined;
}

/** What a key was used for before: this order, or another one. */
export type Repeated =
  | { readonly kind: 'replayed'; readonly order: TrackedOrder }
  | { readonly kind: 'conflict' };

export type AcceptResult = { readonly kind: 'accepted' } | Repeated;

export interface OrderStore extends Disposable {
  before(idempotencyKey: string, requestHash: string): Repeated | undefined;
  /** One transaction: the row, or what the same key did before. */
  accept(order: AcceptedOrder): AcceptResult;
  markStarted(orderId: string): void;
  /** Accepted but not known to be started, oldest first. */
  notStarted(
    before: number,
    limit: number,
  ): readonly { readonly tracked: TrackedOrder; readonly traceparent: string | undefined }[];
  get(orderId: string): TrackedOrder | undefined;
  recent(limit: number): readonly TrackedOrder[];
  counts(): Readonly<Record<OrderView['status'], number>>;
  cursor(): number;
  /** Writes changed orders and the feed position in one transaction, so that no event is lost or applied twice. */
  project(orders: readonly TrackedOrder[], cursor: number): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS orders (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL UNIQUE,
    idempotency_key TEXT NOT NULL UNIQUE,
    request_hash TEXT NOT NULL,
    traceparent TEXT,
    accepted_at_ms INTEGER NOT NULL,
    started INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL,
    tracked TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS orders_not_started ON orders (accepted_at_ms) WHERE started = 0;
  CREATE INDEX IF NOT EXISTS orders_status ON orders (status);
  CREATE TABLE IF NOT EXISTS feed (only INTEGER PRIMARY KEY CHECK (only = 1), cursor INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO feed VALUES (1, 0);
`;

interface Row {
  readonly tracked: string;
  readonly request_hash: string;
  readonly traceparent: string | null;
}

export function openOrderStore(path: string): OrderStore {
  const database = openDatabase(path);
  database.exec(SCHEMA);
  const insert = database.prepare(
    'INSERT INTO orders (order_id, idempotency_key, request_hash, traceparent, accepted_at_ms, status, tracked) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const byKey = database.prepare(
    'SELECT tracked, request_hash, traceparent FROM orders WHERE idempotency_key = ?',
  );
  const byId = database.prepare('SELECT tracked, request_hash, traceparent FROM orders WHERE order_id = ?');
  const started = database.prepare('UPDATE orders SET started = 1 WHERE order_id = ?');
  const pending = database.prepare(
    'SELECT tracked, request_hash, traceparent FROM orders WHERE started = 0 AND accepted_at_ms < ? ORDER BY accepted_at_ms LIMIT ?',
  );
  const newest = database.prepare(
    'SELECT tracked, request_hash, traceparent FROM orders ORDER BY number DESC LIMIT ?',
  );
  const perStatus = database.prepare('SELECT status, COUNT(*) AS count FROM orders GROUP BY status');
  const readCursor = database.prepare('SELECT cursor FROM feed');
  const writeCursor = database.prepare('UPDATE feed SET cursor = ?');
  const update = database.prepare(
    'UPDATE orders SET status = ?, tracked = ?, started = 1 WHERE order_id = ?',
  );

  const before = (idempotencyKey: string, requestHash: string): Repeated | undefined => {
    const found = row(byKey.get(idempotencyKey));
    if (found === undefined) return undefined;
    return found.request_hash === requestHash
      ? { kind: 'replayed', order: JSON.parse(found.tracked) }
      : { kind: 'conflict' };
  };

  return {
    before,
    accept: ({ tracked, idempotencyKey, requestHash, traceparent }) =>
      inTransaction(database, (): AcceptResult => {
        const repeated = before(idempotencyKey, requestHash);
        if (repeated !== undefined) return repeated;
        const { orderId, acceptedAtMs, status } = tracked.view;
        insert.run(
          orderId,
          idempotencyKey,
          requestHash,
          traceparent ?? null,
          acceptedAtMs,
          status,
          JSON.stringify(tracked),
        );
        return { kind: 'accepted' };
      }),
    markStarted: (orderId) => {
      started.run(orderId);
    },
    notStarted: (before, limit) =>
      rows(pending.all(before, limit)).map((each) => ({
        tracked: JSON.parse(each.tracked),
        traceparent: each.traceparent ?? undefined,
      })),
    get: (orderId) => {
      const found = row(byId.get(orderId));
      return found === undefined ? undefined : JSON.parse(found.tracked);
    },
    recent: (limit) => rows(newest.all(limit)).map((each) => JSON.parse(each.tracked)),
    counts: () => {
      const counts = { running: 0, undoing: 0, confirmed: 0, undone: 0, stuck: 0 };
      return {
        ...counts,
        ...Object.fromEntries(perStatus.all().map((each) => [each['status'], each['count']])),
      };
    },
    cursor: () => Number(readCursor.get()?.['cursor'] ?? 0),
    project: (orders, cursor) =>
      inTransaction(database, () => {
        for (const order of orders) update.run(order.view.status, JSON.stringify(order), order.view.orderId);
        writeCursor.run(cursor);
      }),
    [Symbol.dispose]: () => database.close(),
  };
}

function row(value: unknown): Row | undefined {
  return value === undefined ? undefined : asRow(value);
}

function rows(values: readonly unknown[]): readonly Row[] {
  return values.map(asRow);
}

function asRow(value: unknown): Row {
  if (
    typeof value === 'object' &&
    value !== null &&
    'tracked' in value &&
    'request_hash' in value &&
    'traceparent' in value
  ) {
    const { tracked, request_hash, traceparent } = value;
    if (typeof tracked === 'string' && typeof request_hash === 'string') {
      return { tracked, request_hash, traceparent: typeof traceparent === 'string' ? traceparent : null };
    }
  }
  throw new TypeError('the orders table has a row of another shape; was the file written by something else?');
}
