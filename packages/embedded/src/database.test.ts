import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidOptionsError } from '@holdfast/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatabaseUnavailableError, openDatabase } from './index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-database-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  { synchronous: 'full' as const, level: 2 },
  { synchronous: 'normal' as const, level: 1 },
])('opens with a write-ahead log, synchronous $synchronous', ({ synchronous, level }) => {
  const database = openDatabase(join(folder, 'a.sqlite'), { synchronous, busyTimeoutMs: 123 });
  const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  expect(['journal_mode', 'synchronous', 'busy_timeout', 'foreign_keys'].map(pragma)).toEqual([
    'wal',
    level,
    123,
    1,
  ]);
  database.close();
});

test('opens for reading only what another connection writes', () => {
  const path = join(folder, 'a.sqlite');
  const writer = openDatabase(path);
  writer.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)');
  const reader = openDatabase(path, { readOnly: true });
  expect(reader.prepare('SELECT x FROM t').get()).toEqual({ x: 1 });
  expect(() => reader.exec('INSERT INTO t VALUES (2)')).toThrow('readonly');
  reader.close();
  writer.close();
});

test.each([
  { name: 'a folder that is not there', prepare: () => join(folder, 'nowhere', 'a.sqlite') },
  {
    name: 'a folder instead of a file',
    prepare: () => {
      mkdirSync(join(folder, 'a.sqlite'));
      return join(folder, 'a.sqlite');
    },
  },
  {
    name: 'a file that is no database',
    prepare: () => {
      writeFileSync(
        join(folder, 'a.sqlite'),
        'these are not the bytes of a database, by any stretch'.repeat(50),
      );
      return join(folder, 'a.sqlite');
    },
  },
])('$name is one clear error that names the path', ({ prepare }) => {
  const path = prepare();
  for (const readOnly of [false, true]) {
    expect(() => openDatabase(path, { readOnly })).toThrow(DatabaseUnavailableError);
    expect(() => openDatabase(path, { readOnly })).toThrow(path);
  }
});

test('a file that stays locked is said to be locked', () => {
  const path = join(folder, 'a.sqlite');
  const holder = openDatabase(path);
  holder.exec('BEGIN IMMEDIATE');
  expect(() => openDatabase(path, { busyTimeoutMs: 20 })).toThrow(
    'is locked by another process for more than 20 ms',
  );
  holder.close();
});

test('refuses a wrong bound', () => {
  expect(() => openDatabase(join(folder, 'a.sqlite'), { busyTimeoutMs: 60_001 })).toThrow(
    InvalidOptionsError,
  );
});
