import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import {
  IDEMPOTENCY_SCHEMA,
  type IdempotencyLimits,
  type IdempotentEffects,
  idempotentEffects,
} from './idempotency.ts';
import { ProblemError } from './problems.ts';

function store(limits?: IdempotencyLimits): {
  database: DatabaseSync;
  effects: IdempotentEffects;
  done: () => number;
} {
  const database = new DatabaseSync(':memory:');
  database.exec(`${IDEMPOTENCY_SCHEMA} CREATE TABLE done (what TEXT) STRICT`);
  const count = database.prepare('SELECT count(*) AS n FROM done');
  return { database, effects: idempotentEffects(database, limits), done: () => Number(count.get()?.['n']) };
}
const answer = { status: 201, body: '{"a":1}' };
const of = (
  key: string,
  fingerprint = 'f',
  nowMs = 0,
): { key: string; fingerprint: string; nowMs: number } => ({ key, fingerprint, nowMs });

test('the effect and its answer are one: a repeat gets the stored bytes and does nothing', () => {
  const { database, effects, done } = store();
  const effect = (): typeof answer => {
    database.exec("INSERT INTO done VALUES ('it')");
    return answer;
  };
  expect(effects.once(of('k'), effect)).toEqual({ answer, replayed: false });
  expect(effects.once(of('k'), effect)).toEqual({ answer, replayed: true });
  expect(done()).toBe(1);
});

test('an effect that throws leaves nothing, neither its half nor its key', () => {
  const { database, effects, done } = store();
  const failing = (): never => {
    database.exec("INSERT INTO done VALUES ('half')");
    throw new Error('no');
  };
  expect(() => effects.once(of('k'), failing)).toThrow('no');
  expect(done()).toBe(0);
  expect(effects.once(of('k', 'another'), () => answer).replayed).toBe(false);
});

test('the key with another fingerprint is refused', () => {
  const { effects } = store();
  effects.once(of('k', 'f'), () => answer);
  expect(() => effects.once(of('k', 'g'), () => answer)).toThrow(ProblemError);
});

test.each<
  [
    why: string,
    limits: IdempotencyLimits,
    deliveries: number,
    atMs: (n: number) => number,
    oldest: string,
    kept: number,
  ]
>([
  ['keeps at most so many', { keepRows: 10, pruneEvery: 5 }, 40, () => 0, 'k-30', 10],
  ['keeps for so long', { keepMs: 10, pruneEvery: 1 }, 40, (n) => n, 'k-29', 11],
  ['keeps all within both', { keepMs: 100, keepRows: 100, pruneEvery: 1 }, 40, (n) => n, 'k-0', 40],
])('%s', (_why, limits, deliveries, atMs, oldest, kept) => {
  const { database, effects } = store(limits);
  for (let n = 0; n < deliveries; n += 1) effects.once(of(`k-${n}`, 'f', atMs(n)), () => answer);
  const rows = database.prepare('SELECT key FROM idempotency ORDER BY seq').all();
  expect([rows[0]?.['key'], rows.length]).toEqual([oldest, kept]);
});
