import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../errors.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { retryBudget } from './budget.ts';
import type { RetryEvent } from './policy.ts';
import { retry } from './policy.ts';

class Busy extends HoldfastError {
  readonly code = 'TEST_BUSY';
  readonly retryable = true;
}

function setup() {
  const runtime = virtualRuntime({ seed: 7, startMs: 0 });
  const events: RetryEvent[] = [];
  return { runtime, events, deps: { runtime, onEvent: (event: RetryEvent) => void events.push(event) } };
}

describe('retry', () => {
  test('repeats until it works and numbers the attempts', async () => {
    const { runtime, events, deps } = setup();
    const seen: number[] = [];
    const call = retry('payment', {}, deps).execute(async ({ attempt }) => {
      seen.push(attempt);
      if (attempt < 3) throw new Busy('busy');
      return 'paid';
    });
    expect(await runtime.runUntil(call)).toBe('paid');
    expect(seen).toEqual([1, 2, 3]);
    expect(events.map(({ kind, attempt }) => `${kind} ${attempt}`)).toEqual(['retry 1', 'retry 2']);
  });

  test.each([
    { name: 'a plain error', error: new Error('bug'), reason: 'not-retryable', attempts: 1 },
    { name: 'an error that stays', error: new Busy('busy'), reason: 'attempts-spent', attempts: 3 },
    {
      name: 'an error that asks for too long a wait',
      error: Object.assign(new Busy('busy'), { retryAfterMs: 60_000 }),
      reason: 'asked-to-wait-too-long',
      attempts: 1,
    },
  ])('gives up on $name with the very error, and says why', async ({ error, reason, attempts }) => {
    const { runtime, events, deps } = setup();
    const call = retry('payment', {}, deps).execute(() => Promise.reject(error));
    await expect(runtime.runUntil(call)).rejects.toBe(error);
    expect(events.at(-1)).toEqual({ kind: 'gave-up', key: 'payment', attempt: attempts, reason, error });
  });

  test('waits at least as long as the error asks', async () => {
    const { runtime, deps } = setup();
    const call = retry('payment', { baseDelayMs: 0 }, deps).execute(async ({ attempt }) => {
      if (attempt === 1) throw Object.assign(new Busy('busy'), { retryAfterMs: 700 });
      return runtime.now();
    });
    expect(await runtime.runUntil(call)).toBe(700);
  });

  test('gives up at once when the wait does not fit the deadline', async () => {
    const { runtime, events, deps } = setup();
    const error = Object.assign(new Busy('busy'), { retryAfterMs: 500 });
    const call = retry('payment', {}, deps).execute(() => Promise.reject(error), { deadlineAtMs: 500 });
    await expect(runtime.runUntil(call)).rejects.toBe(error);
    expect([runtime.now(), events.at(-1)]).toMatchObject([0, { reason: 'deadline-too-near' }]);
  });

  test('an abort ends the wait at once and nothing is called any more', async () => {
    const { runtime, deps } = setup();
    const controller = new AbortController();
    let calls = 0;
    const policy = retry('payment', { baseDelayMs: 1_000, maxAttempts: 100 }, deps);
    const call = policy.execute(
      async () => {
        calls += 1;
        throw new Busy('busy');
      },
      { signal: controller.signal },
    );
    const outcome = expect(call).rejects.toBe('client left');
    await runtime.advance(0);
    controller.abort('client left');
    await outcome;
    expect([calls, runtime.pendingTimers]).toEqual([1, 0]);
    await expect(policy.execute(async () => (calls += 1), { signal: controller.signal })).rejects.toBe(
      'client left',
    );
    expect(calls).toBe(1);
  });

  test('isRetryable overrules the error', async () => {
    const { runtime, deps } = setup();
    const policy = retry(
      'payment',
      {},
      { ...deps, isRetryable: (error) => String(error).includes('ECONNRESET') },
    );
    const answer = policy.execute(async ({ attempt }) => {
      if (attempt === 1) throw new Error('ECONNRESET');
      return attempt;
    });
    expect(await runtime.runUntil(answer)).toBe(2);
  });
});

describe('retry budget', () => {
  test('a storm of failures makes at most ratio times as many retries, over all calls that share it', async () => {
    const { runtime, events, deps } = setup();
    const budget = retryBudget({ ratio: 0.2, minPerSecond: 0 }, { runtime });
    let attempts = 0;
    const calls = Array.from({ length: 100 }, (_, index) =>
      retry(`dependency-${index % 2}`, { maxAttempts: 5, baseDelayMs: 1 }, { ...deps, budget })
        .execute(async () => {
          attempts += 1;
          throw new Busy('busy');
        })
        .catch(() => 'failed'),
    );
    await runtime.runUntil(Promise.all(calls));
    expect(attempts).toBe(120);
    expect(
      events.filter((event) => event.kind === 'gave-up' && event.reason === 'budget-spent'),
    ).toHaveLength(100);
  });

  test('quiet callers have the reserve, and it fills again as the window moves on', async () => {
    const { runtime } = setup();
    const budget = retryBudget({ ratio: 0, minPerSecond: 1, windowMs: 2_000 }, { runtime });
    const taken = (): boolean[] => [budget.withdraw(), budget.withdraw(), budget.withdraw()];
    expect(taken()).toEqual([true, true, false]);
    await runtime.advance(1_900);
    expect(budget.balance).toBe(0);
    await runtime.advance(100);
    expect(taken()).toEqual([true, true, false]);
  });

  test('calls of long ago earn nothing', async () => {
    const { runtime } = setup();
    const budget = retryBudget({ ratio: 1, minPerSecond: 0, windowMs: 1_000 }, { runtime });
    for (let call = 0; call < 50; call += 1) budget.deposit();
    expect(budget.balance).toBe(50);
    await runtime.advance(1_000);
    expect([budget.balance, budget.withdraw()]).toEqual([0, false]);
  });
});
