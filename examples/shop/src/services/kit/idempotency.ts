/**
 * One effect per idempotency key, however often a request is delivered: the answer is stored in the
 * transaction of the effect, so neither can exist without the other.
 * After the IETF draft "The Idempotency-Key HTTP Header Field" (the key is taken as it stands, unquoted).
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ProblemError } from './problems.ts';
import { number, text } from './rows.ts';
import { inTransaction } from './transaction.ts';

export const IDEMPOTENCY_SCHEMA = `
  CREATE TABLE idempotency (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
`;

/** Bounds of what is remembered: a key is replayed for 7 days, unless a million younger ones came. */
const KEEP_MS = 7 * 24 * 3_600_000;
const KEEP_ROWS = 1_000_000;
/** Old rows are dropped once in so many writes, at most twice as many at a time: the work is spread and bounded. */
const PRUNE_EVERY = 500;

export interface StoredAnswer {
  readonly status: number;
  /** The body's JSON text, replayed byte for byte. */
  readonly body: string;
}

export interface Delivery {
  readonly key: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
  readonly nowMs: number;
}

export interface Outcome {
  readonly answer: StoredAnswer;
  /** True when the answer is of an earlier delivery and nothing was done now. */
  readonly replayed: boolean;
}

export interface IdempotentEffects {
  /**
   * Runs `effect` once per key and stores its answer with it; later deliveries get the stored answer.
   * When `effect` throws, nothing is kept and the key is free again.
   * @throws ProblemError `idempotency-key-reused` when the key came with another fingerprint before.
   */
  once(delivery: Delivery, effect: () => StoredAnswer): Outcome;
}

export interface IdempotencyLimits {
  readonly keepMs?: number;
  readonly keepRows?: number;
  readonly pruneEvery?: number;
}

export function idempotentEffects(database: DatabaseSync, limits: IdempotencyLimits = {}): IdempotentEffects {
  const { keepMs = KEEP_MS, keepRows = KEEP_ROWS, pruneEvery = PRUNE_EVERY } = limits;
  const find = database.prepare('SELECT fingerprint, status, body FROM idempotency WHERE key = ?');
  const insert = database.prepare(
    'INSERT INTO idempotency (key, fingerprint, status, body, at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const prune = database.prepare(
    `DELETE FROM idempotency WHERE seq IN (SELECT seq FROM idempotency ORDER BY seq LIMIT ?)
       AND (at_ms < ? OR seq <= (SELECT max(seq) FROM idempotency) - ?)`,
  );
  let writes = 0;
  return {
    once: (delivery, effect) =>
      inTransaction(database, () => {
        const earlier = replay(find, delivery);
        if (earlier !== undefined) return { answer: earlier, replayed: true };
        const answer = effect();
        insert.run(delivery.key, delivery.fingerprint, answer.status, answer.body, delivery.nowMs);
        writes += 1;
        if (writes % pruneEvery === 0) prune.run(2 * pruneEvery, delivery.nowMs - keepMs, keepRows);
        return { answer, replayed: false };
      }),
  };
}

function replay(find: StatementSync, { key, fingerprint }: Delivery): StoredAnswer | undefined {
  const row = find.get(key);
  if (row === undefined) return undefined;
  if (text(row, 'fingerprint') === fingerprint)
    return { status: number(row, 'status'), body: text(row, 'body') };
  throw new ProblemError(
    'idempotency-key-reused',
    `the Idempotency-Key "${key}" came before with another method, path or body; use a new key for a new request. Nothing was changed`,
    [{ pointer: '/headers/idempotency-key', detail: 'was used for another request' }],
  );
}
