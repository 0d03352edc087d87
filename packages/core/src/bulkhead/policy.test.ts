import { expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import type { BulkheadOptions } from './options.ts';
import { bulkheadSettings } from './options.ts';
import { bulkhead } from './policy.ts';

function setup(options: BulkheadOptions) {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const pool = bulkhead('payment', options, { runtime });
  const log: string[] = [];
  /** A call that takes 100 ms and logs how it went. */
  function call(name: string, signal?: AbortSignal, deadlineAtMs?: number): Promise<void> {
    return pool
      .execute(
        async () => {
          log.push(`${name} starts at ${runtime.now()}`);
          await runtime.sleep(100);
        },
        { ...(signal && { signal }), ...(deadlineAtMs !== undefined && { deadlineAtMs }) },
      )
      .catch((error: unknown) => void log.push(`${name} ${reasonOf(error)} at ${runtime.now()}`));
  }
  return { runtime, pool, log, call };
}

function reasonOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'reason' in error
    ? String(error.reason)
    : String(error);
}

test('runs up to the bound, queues in order of arrival, refuses the rest', async () => {
  const { runtime, pool, log, call } = setup({ maxConcurrent: 2, maxQueued: 2, tier: 'critical' });
  const calls = ['a', 'b', 'c', 'd', 'e'].map((name) => call(name));
  expect(pool.snapshot()).toEqual({
    name: 'payment',
    tier: 'critical',
    active: 2,
    queued: 2,
    maxConcurrent: 2,
    maxQueued: 2,
    rejected: 1,
    completed: 0,
  });
  await runtime.runUntil(Promise.all(calls));
  expect(log).toEqual([
    'a starts at 0',
    'b starts at 0',
    'e queue-full at 0',
    'c starts at 100',
    'd starts at 100',
  ]);
  expect(pool.snapshot()).toMatchObject({ active: 0, queued: 0, rejected: 1, completed: 4 });
  expect(runtime.pendingTimers).toBe(0);
});

test('a waiting call leaves when cancelled, when its deadline passes, when its patience ends', async () => {
  const { runtime, pool, log, call } = setup({ maxConcurrent: 1, maxQueued: 9, queueTimeoutMs: 50 });
  const controller = new AbortController();
  const calls = [
    call('a'),
    call('cancelled', controller.signal),
    call('hurried', undefined, 30),
    call('patient'),
  ];
  await runtime.advance(10);
  controller.abort('client left');
  await runtime.runUntil(Promise.all(calls));
  expect(log).toEqual([
    'a starts at 0',
    'cancelled client left at 10',
    'hurried queue-timeout at 30',
    'patient queue-timeout at 50',
  ]);
  expect(pool.snapshot()).toMatchObject({ active: 0, queued: 0, rejected: 2, completed: 1 });
  expect(runtime.pendingTimers).toBe(0);
});

test('a place is free again after a failure, also one that is thrown', async () => {
  const { pool } = setup({ maxConcurrent: 1 });
  const thrown = (): Promise<never> => {
    throw new Error('thrown');
  };
  await expect(pool.execute(thrown)).rejects.toThrow('thrown');
  await expect(pool.execute(() => Promise.reject(new Error('rejected')))).rejects.toThrow('rejected');
  expect(await pool.execute(async () => 'ran')).toBe('ran');
});

test('defaults are as documented', () => {
  expect(bulkheadSettings('bulkhead', {})).toEqual({
    maxConcurrent: 10,
    maxQueued: 0,
    queueTimeoutMs: 1_000,
    tier: 'standard',
  });
});

test.each([
  { field: 'maxConcurrent', options: { maxConcurrent: 0 } },
  { field: 'maxQueued', options: { maxQueued: -1 } },
  { field: 'queueTimeoutMs', options: { queueTimeoutMs: 0 } },
  { field: 'tier', options: { tier: 'important' } },
])('refuses $options and names $field', ({ field, options }) => {
  const make = (): unknown => Reflect.apply(bulkhead, undefined, ['payment', options]);
  expect(make).toThrow(InvalidOptionsError);
  expect(make).toThrow(`bulkhead "payment": ${field} must be`);
});
