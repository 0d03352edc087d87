import { expect, expectTypeOf, test } from 'vitest';
import type { Call, Policy } from '../call.ts';
import { deadline } from '../deadline/policy.ts';
import { fallback } from '../fallback/policy.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { retry } from '../retry/policy.ts';
import { timeout } from '../timeout/policy.ts';
import { pipeline } from './pipeline.ts';

function tracing(name: string, log: string[]): Policy {
  return {
    name,
    async execute(operation, call) {
      log.push(`${name} in`);
      try {
        return await operation({ signal: AbortSignal.abort(), attempt: 1, ...call });
      } finally {
        log.push(`${name} out`);
      }
    },
  };
}

test('runs outermost first, and is named after its parts', async () => {
  const log: string[] = [];
  const guarded = pipeline(tracing('a', log), pipeline(tracing('b', log), tracing('c', log)));
  expect(await guarded.execute(async () => 'answer')).toBe('answer');
  expect(log).toEqual(['a in', 'b in', 'c in', 'c out', 'b out', 'a out']);
  expect(guarded.name).toBe('a > b > c');
});

test('an empty pipeline just calls, with a whole call', async () => {
  const seen: Call[] = [];
  const correlation = { id: 'order-1' };
  await pipeline().execute(async (call) => void seen.push(call), { correlation });
  expect(seen).toEqual([{ signal: expect.any(AbortSignal), attempt: 1, correlation }]);
  expect(seen[0]?.signal.aborted).toBe(false);
});

test('a synchronous throw is a rejection', async () => {
  const broken = (): Promise<string> => {
    throw new Error('thrown, not rejected');
  };
  const runtime = virtualRuntime({ seed: 1 });
  for (const guarded of [pipeline(), pipeline(timeout('t', { timeoutMs: 10 }, { runtime }))]) {
    await expect(guarded.execute(broken)).rejects.toThrow('thrown, not rejected');
  }
});

test('a fallback shows in the type of the answer', async () => {
  const stale = fallback('stale', () => ({ stale: true }));
  const guarded = pipeline<{ stale: boolean }>(stale, retry('once', { maxAttempts: 1 }));
  const answer = await guarded.execute(async () => 5);
  expectTypeOf(answer).toEqualTypeOf<number | { stale: boolean }>();
  expectTypeOf(await pipeline(retry('r')).execute(async () => 5)).toEqualTypeOf<number>();
  expect(answer).toBe(5);
});

test('deadline, retry and timeout together: attempts are cut, the whole is cut, nothing is left behind', async () => {
  const runtime = virtualRuntime({ seed: 3, startMs: 0 });
  const guarded = pipeline(
    deadline({ budgetMs: 250 }, { runtime }),
    retry('payment', { maxAttempts: 10, baseDelayMs: 0 }, { runtime }),
    timeout('payment', { timeoutMs: 100 }, { runtime }),
  );
  const attempts: { attempt: number; atMs: number; deadlineAtMs: number | undefined }[] = [];
  const hanging = guarded.execute((call) => {
    attempts.push({ attempt: call.attempt, atMs: runtime.now(), deadlineAtMs: call.deadlineAtMs });
    return new Promise<never>(() => {});
  });
  await expect(runtime.runUntil(hanging)).rejects.toMatchObject({ code: 'HF_DEADLINE_EXCEEDED' });
  expect(attempts).toEqual([
    { attempt: 1, atMs: 0, deadlineAtMs: 100 },
    { attempt: 2, atMs: 100, deadlineAtMs: 200 },
    { attempt: 3, atMs: 200, deadlineAtMs: 250 },
  ]);
  expect([runtime.now(), runtime.pendingTimers]).toEqual([250, 0]);
});
