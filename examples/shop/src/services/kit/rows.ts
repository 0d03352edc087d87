/** Typed reading of SQLite rows: a column of another type than expected is a bug and says so. */
import type { SQLOutputValue } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** @throws TypeError when the column is not text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string')
    throw new TypeError(`column "${column}" should be text, but is ${typeof value}`);
  return value;
}

/** @throws TypeError when the column is not a number. */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number')
    throw new TypeError(`column "${column}" should be a number, but is ${typeof value}`);
  return value;
}
