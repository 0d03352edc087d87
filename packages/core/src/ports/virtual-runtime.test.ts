import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import { systemRuntime } from './system-runtime.ts';
import { VirtualTimeStuckError, virtualRuntime } from './virtual-runtime.ts';

describe('virtual time', () => {
  test('runs timers in order of due time, then of age, each at its moment', async () => {
    const runtime = virtualRuntime({ seed: 1, startMs: 1_000 });
    const ran: string[] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
    ] as const) {
      runtime.schedule(ms, () => ran.push(`${name}@${runtime.now()}`));
    }
    await runtime.advance(29);
    expect(ran).toEqual(['a@1010', 'b@1010']);
    await runtime.advance(1);
    expect(ran).toEqual(['a@1010', 'b@1010', 'c@1030']);
    expect(runtime.pendingTimers).toBe(0);
  });

  test('lets the continuations of one timer run before the next one fires', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    const ran: string[] = [];
    void runtime.sleep(10).then(async () => {
      ran.push('first woke');
      await runtime.sleep(5);
      ran.push('first again');
    });
    runtime.schedule(16, () => ran.push('later'));
    await runtime.advance(100);
    expect(ran).toEqual(['first woke', 'first again', 'later']);
  });

  test('never runs a cancelled timer, and forgets it', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    let ran = false;
    const cancel = runtime.schedule(5, () => {
      ran = true;
    });
    cancel();
    cancel();
    await runtime.advance(10);
    expect([ran, runtime.pendingTimers]).toEqual([false, 0]);
  });

  test('a sleep rejects with the reason of its signal and leaves no timer', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    const controller = new AbortController();
    const asleep = runtime.sleep(1_000, controller.signal);
    controller.abort('enough');
    await expect(asleep).rejects.toBe('enough');
    await expect(runtime.sleep(1, controller.signal)).rejects.toBe('enough');
    expect(runtime.pendingTimers).toBe(0);
  });

  test('runUntil answers as the promise does and moves no further than needed', async () => {
    const runtime = virtualRuntime({ seed: 1, startMs: 0 });
    runtime.schedule(500, () => {});
    const answer = runtime.sleep(20).then(() => 'done');
    expect([await runtime.runUntil(answer), runtime.now()]).toEqual(['done', 20]);
    await expect(runtime.runUntil(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  test('runUntil says so when nothing can settle the promise, or not in time', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    const never = new Promise(() => {});
    await expect(runtime.runUntil(never)).rejects.toThrow(VirtualTimeStuckError);
    await expect(runtime.runUntil(runtime.sleep(100), 99)).rejects.toThrow('not settled within 99 ms');
  });

  test('a view shares time but has clocks and chance of its own', async () => {
    const runtime = virtualRuntime({ seed: 1, startMs: 0 });
    const skewed = runtime.view({ seed: 2, wallOffsetMs: -5_000, monotonicOffsetMs: 7 });
    await runtime.advance(10);
    expect([skewed.now(), skewed.monotonic(), runtime.now()]).toEqual([-4_990, 17, 10]);
    expect(skewed.random()).not.toBe(runtime.random());
  });

  test('the same seed draws the same numbers, all of them in [0, 1), and well-formed UUIDs', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [left, right] = [virtualRuntime({ seed }), virtualRuntime({ seed })];
        const draws = Array.from({ length: 20 }, () => left.random());
        expect(Array.from({ length: 20 }, () => right.random())).toEqual(draws);
        expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
        expect(new Set(draws).size).toBeGreaterThan(10);
        expect(left.uuid()).toMatch(uuid);
      }),
    );
  });

  test.each([
    { what: 'seed', make: () => virtualRuntime({ seed: 0.5 }) },
    { what: 'ms', make: () => virtualRuntime({ seed: 1 }).schedule(-1, () => {}) },
    { what: 'schedule', make: () => systemRuntime.schedule(2 ** 31, () => {}) },
  ])('refuses a $what out of bounds', ({ make }) => {
    expect(make).toThrow(InvalidOptionsError);
  });
});

describe('the timer heap', () => {
  test('fires any set of timers in order, whatever was cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.nat(50), cancelled: fc.boolean() }), { maxLength: 60, size: 'max' }),
        async (timers) => {
          const runtime = virtualRuntime({ seed: 1 });
          const fired: { ms: number; index: number }[] = [];
          timers.forEach(({ ms, cancelled }, index) => {
            const cancel = runtime.schedule(ms, () => fired.push({ ms, index }));
            if (cancelled) cancel();
          });
          await runtime.advance(50);
          const expected = timers
            .map(({ ms, cancelled }, index) => ({ ms, index, cancelled }))
            .filter((timer) => !timer.cancelled)
            .map(({ ms, index }) => ({ ms, index }))
            .sort((a, b) => a.ms - b.ms || a.index - b.index);
          expect(fired).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });
});
