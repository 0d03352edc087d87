// Writes batches of spans and prunes the oldest in the same transaction, so that the file is bounded at every commit.
import type { DatabaseSync } from 'node:sqlite';
import type { StoredSpan } from '../span.ts';
import { SPAN_COLUMNS, spanValues } from './rows.ts';

/** A write removes at most as many old spans as it adds, plus these: pruning after lowering the bound is spread. */
const MAX_EXTRA_PRUNED = 2_000;

/**
 * Row ids only grow and only the lowest are deleted, so they have no gaps and `max - min` counts the rows: pruning
 * needs no count of the table and no coordination between writers.
 */
export function preparedWriter(
  database: DatabaseSync,
  maxSpans: number,
): (spans: readonly StoredSpan[]) => void {
  const insert = database.prepare(
    `INSERT INTO spans (${SPAN_COLUMNS.join(', ')}) VALUES (${SPAN_COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (trace_id, span_id) DO NOTHING`,
  );
  const prune = database.prepare(
    `DELETE FROM spans WHERE id <= (SELECT max(id) FROM spans) - :maxSpans
       AND id < (SELECT min(id) FROM spans) + :atMost`,
  );
  return (spans) => {
    if (spans.length === 0) return;
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const span of spans) insert.run(...spanValues(span));
      prune.run({ maxSpans, atMost: spans.length + MAX_EXTRA_PRUNED });
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
}
