import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InvalidOptionsError, virtualRuntime } from '@holdfast/core';
import { stateStoreContract } from '@holdfast/core/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseUnavailableError, openDatabase, sqliteStateStore } from './index.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-state-'));
  path = join(folder, 'state.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

stateStoreContract(
  'sqlite',
  async () => {
    const runtime = virtualRuntime({ seed: 1 });
    const open = new DisposableStack();
    return {
      store: open.use(sqliteStateStore({ path, runtime })),
      connect: async () => open.use(sqliteStateStore({ path, runtime })),
      advance: (ms) => runtime.advance(ms),
      [Symbol.asyncDispose]: async () => open.dispose(),
    };
  },
  { describe, test, expect },
);

describe('many processes on one file', () => {
  function hammer(adds: number, increments: number): { child: ChildProcess; acknowledged: () => number } {
    const fixture = join(import.meta.dirname, 'hammer.fixture.ts');
    const child = fork(fixture, [path, `${adds}`, `${increments}`], {
      execArgv: ['--conditions=holdfast-source', '--disable-warning=ExperimentalWarning'],
      stdio: 'inherit',
    });
    let acknowledged = 0;
    child.on('message', (message: { acknowledged: number }) => {
      acknowledged = message.acknowledged;
    });
    return { child, acknowledged: () => acknowledged };
  }

  test('lose no add and no increment, though they all create the file at once', async () => {
    const children = Array.from({ length: 4 }, () => hammer(100, 25).child);
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    using store = sqliteStateStore({ path });
    const { calls, ...parts } = await store.add('counters', {});
    expect(calls).toBe(400);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(400);
    expect((await store.get('number'))?.value).toBe(100);
  });

  test('keep every acknowledged add of a process that is killed, and go on without it', async () => {
    const killed = hammer(1_000_000, 0);
    const survivor = hammer(200, 0);
    const exits = Promise.all([once(killed.child, 'exit'), once(survivor.child, 'exit')]);
    while (killed.acknowledged() < 50) await once(killed.child, 'message');
    killed.child.kill('SIGKILL');
    await exits;
    using store = sqliteStateStore({ path });
    const { calls } = await store.add('counters', {});
    expect(calls).toBeGreaterThanOrEqual(killed.acknowledged() + 200);
    expect(new DatabaseSync(path).prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  });
});

describe('a file that is locked', () => {
  test('is waited for without blocking the event loop, then refused with nothing written', async () => {
    using store = sqliteStateStore({ path, busyTimeoutMs: 60 });
    await store.add('k', { calls: 1 });
    const other = openDatabase(path);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 5);
    const refused = store.add('k', { calls: 1 });
    await expect(refused).rejects.toMatchObject({
      code: 'HF_STORE_UNAVAILABLE',
      key: 'k',
      outcome: 'not-applied',
    });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(2);
    other.exec('ROLLBACK');
    expect(await store.add('k', { calls: 1 })).toEqual({ calls: 2 });
    other.close();
  });

  test('is served as soon as the lock is free', async () => {
    using store = sqliteStateStore({ path, busyTimeoutMs: 20_000 });
    const other = openDatabase(path);
    other.exec('BEGIN IMMEDIATE');
    const waiting = store.compareAndSet('k', 'absent', 'written');
    setTimeout(() => other.exec('ROLLBACK'), 20);
    expect(await waiting).toMatchObject({ ok: true });
    other.close();
  });
});

test('a disk that cannot take more is HF_STORE_UNAVAILABLE with nothing written', async () => {
  const database = openDatabase(path);
  using store = sqliteStateStore({ database });
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const refused = store.compareAndSet('k', 'absent', 'x'.repeat(60_000));
  await expect(refused).rejects.toMatchObject({ code: 'HF_STORE_UNAVAILABLE', outcome: 'not-applied' });
  expect(await store.get('k')).toBeUndefined();
  expect(database.isTransaction).toBe(false);
  database.close();
});

test('expired keys leave the file', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  const database = openDatabase(path);
  using store = sqliteStateStore({ database, runtime });
  for (let key = 0; key < 100; key += 1) await store.add(`short-${key}`, { n: 1 }, { ttlMs: 10 });
  await runtime.advance(10);
  for (let write = 0; write < 64; write += 1) await store.add('long', { n: 1 });
  expect(database.prepare('SELECT count(*) AS rows FROM holdfast_state').get()).toEqual({ rows: 1 });
  database.close();
});

test('a disposed store refuses, and a connection that was lent stays open', async () => {
  const database = openDatabase(path);
  const store = sqliteStateStore({ database });
  store[Symbol.dispose]();
  store[Symbol.dispose]();
  await expect(store.get('k')).rejects.toMatchObject({ code: 'HF_STORE_UNAVAILABLE' });
  expect(database.isOpen).toBe(true);
  database.close();
});

test("a file whose tables are somebody else's is one clear error that names the path", () => {
  const other = openDatabase(path);
  other.exec('CREATE VIEW holdfast_state AS SELECT 1 AS x');
  expect(() => sqliteStateStore({ path })).toThrow(DatabaseUnavailableError);
  expect(() => sqliteStateStore({ path })).toThrow(path);
  other.close();
});

test('refuses a wrong bound', () => {
  expect(() => sqliteStateStore({ path, busyTimeoutMs: -1 })).toThrow(InvalidOptionsError);
});
