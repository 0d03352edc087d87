import { expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { deadline, remainingMs } from './policy.ts';

test.each([
  { name: 'the inner one is sooner', outerMs: 300, innerMs: 100, passesAtMs: 100 },
  { name: 'the outer one is sooner', outerMs: 100, innerMs: 300, passesAtMs: 100 },
])('nested deadlines only shrink: $name', async ({ outerMs, innerMs, passesAtMs }) => {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const outer = deadline({ budgetMs: outerMs }, { runtime });
  const inner = deadline({ budgetMs: innerMs }, { runtime });
  let seen: number | undefined;
  const call = outer.execute((outerCall) =>
    inner.execute((innerCall) => {
      seen = remainingMs(innerCall, runtime);
      return new Promise<never>(() => {});
    }, outerCall),
  );
  await expect(runtime.runUntil(call)).rejects.toMatchObject({
    code: 'HF_DEADLINE_EXCEEDED',
    budgetMs: passesAtMs,
  });
  expect([seen, runtime.now(), runtime.pendingTimers]).toEqual([passesAtMs, passesAtMs, 0]);
});

test('calls nothing when the deadline has passed', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  await runtime.advance(50);
  let called = false;
  const call = deadline({ budgetMs: 10 }, { runtime }).execute(
    async () => {
      called = true;
    },
    { deadlineAtMs: 50 },
  );
  await expect(call).rejects.toThrow('had passed before the call began');
  expect(called).toBe(false);
});

test('remainingMs counts down to zero, and is infinite without a deadline', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  expect(remainingMs({}, runtime)).toBe(Number.POSITIVE_INFINITY);
  expect(remainingMs({ deadlineAtMs: 30 }, runtime)).toBe(30);
  await runtime.advance(40);
  expect(remainingMs({ deadlineAtMs: 30 }, runtime)).toBe(0);
});

test.each([0, Number.POSITIVE_INFINITY, undefined])('refuses budgetMs %s', (budgetMs) => {
  expect(() => Reflect.apply(deadline, undefined, [{ budgetMs }])).toThrow(InvalidOptionsError);
});
