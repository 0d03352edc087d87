import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, StoreError, type StorePlan } from './store.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let fills = 0;
const plan: StorePlan = {
  service: 'payment',
  schema: 'CREATE TABLE goods (n INTEGER) STRICT;',
  fill: (database, seed) => {
    fills += 1;
    for (let n = 0; n < 10; n += 1) database.prepare('INSERT INTO goods VALUES (?)').run(seed + n);
  },
};
const count = (database: DatabaseSync): unknown =>
  database.prepare('SELECT count(*) AS n FROM goods').get()?.['n'];

test('fills a new file once, in WAL with full synchronisation, and does no work at later starts', () => {
  fills = 0;
  for (let start = 0; start < 3; start += 1) {
    using database = openStore(join(folder, 'deep', 'er'), 1, plan);
    expect(count(database)).toBe(10);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  }
  expect(fills).toBe(1);
});

test('a start that ends in the middle of filling leaves an empty file, and the next start fills it', () => {
  const dying: StorePlan = {
    ...plan,
    fill: (database, seed) => {
      plan.fill(database, seed);
      throw new Error('killed');
    },
  };
  expect(() => openStore(folder, 1, dying)).toThrow(StoreError);
  using raw = new DatabaseSync(join(folder, 'payment.sqlite'));
  expect(raw.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 });
  using database = openStore(folder, 1, plan);
  expect(count(database)).toBe(10);
});

test.each<[why: string, prepare: (path: string) => void, message: RegExp]>([
  [
    'another seed',
    () => openStore(folder, 2, plan).close(),
    /was made by payment with --seed 2, not 1; use that seed or/,
  ],
  [
    'another version',
    (path) => {
      using database = new DatabaseSync(path);
      database.exec('PRAGMA user_version = 99');
    },
    /has version 99, this program reads 1; choose another folder/,
  ],
  [
    'another file',
    (path) => writeFileSync(path, 'not a database, but long enough to be read as one'.repeat(50)),
    /payment\.sqlite.*: file is not a database; .*; choose a folder that can be written with --data$/,
  ],
])('%s is refused with what to do', (_why, prepare, message) => {
  prepare(join(folder, 'payment.sqlite'));
  expect(() => openStore(folder, 1, plan)).toThrow(message);
});

test('a folder that cannot be made is named', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openStore(join(folder, 'file', 'data'), 1, plan)).toThrow(
    /cannot use the store .*file\/data\/payment\.sqlite \(.*\); choose/,
  );
});
