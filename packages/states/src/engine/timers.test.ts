import { virtualRuntime } from '@holdfast/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timers } from './timers.ts';

test('fires in order, late ones at once, those of one moment together', async () => {
  const runtime = virtualRuntime({ seed: 1, startMs: 1_000 });
  const fired: string[] = [];
  const clock = timers<string>(runtime, (due) =>
    fired.push(`${runtime.now()}: ${due.map(({ value }) => value).join(' ')}`),
  );
  clock.set('a', 1_500, 'a');
  clock.set('b', 1_200, 'b');
  clock.set('c', 1_500, 'c');
  clock.set('late', 10, 'late');
  await runtime.advance(1_000);
  expect(fired).toEqual(['1000: late', '1200: b', '1500: a c']);
  expect(runtime.pendingTimers).toBe(0);
});

test('a timer that is set again or cleared does not fire as it was', async () => {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const fired: string[] = [];
  const clock = timers<string>(runtime, (due) =>
    fired.push(...due.map(({ value }) => `${runtime.now()} ${value}`)),
  );
  clock.set('a', 100, 'first');
  clock.set('a', 300, 'second');
  clock.set('b', 200, 'b');
  clock.clear('b');
  clock.clear('unknown');
  await runtime.advance(1_000);
  expect(fired).toEqual(['300 second']);
});

test('waits further away than a runtime can sleep', async () => {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const fired: number[] = [];
  const clock = timers<number>(runtime, () => fired.push(runtime.now()));
  const year = 365 * 86_400_000;
  clock.set('far', year, 1);
  await runtime.advance(year - 1);
  expect(fired).toEqual([]);
  await runtime.advance(1);
  expect(fired).toEqual([year]);
});

test('one wake-up is scheduled for all of them, none when there is nothing to wait for', () => {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const clock = timers<number>(runtime, () => {});
  for (let i = 0; i < 100; i += 1) clock.set(String(i), 1_000 - i, i);
  expect(clock.size).toBe(100);
  expect(runtime.pendingTimers).toBe(1);
  for (let i = 0; i < 100; i += 1) clock.clear(String(i));
  expect(runtime.pendingTimers).toBe(0);
  clock.set('x', 5, 1);
  clock.close();
  expect(runtime.pendingTimers).toBe(0);
});

test('whatever is set and cleared, exactly the rest fires, in order of time', async () => {
  const step = fc.record({
    key: fc.integer({ min: 0, max: 9 }),
    at: fc.option(fc.integer({ min: 0, max: 50 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const runtime = virtualRuntime({ seed: 1, startMs: 0 });
      const fired: { readonly key: string; readonly dueAt: number }[] = [];
      const clock = timers<null>(runtime, (due) =>
        fired.push(...due.map(({ key, dueAt }) => ({ key, dueAt }))),
      );
      const model = new Map<string, number>();
      for (const { key, at } of steps) {
        if (at === null) clock.clear(String(key));
        else clock.set(String(key), at, null);
        if (at === null) model.delete(String(key));
        else model.set(String(key), at);
      }
      await runtime.advance(100);
      expect(fired.map(({ dueAt }) => dueAt)).toEqual([...model.values()].toSorted((a, b) => a - b));
      expect(new Map(fired.map(({ key, dueAt }) => [key, dueAt]))).toEqual(model);
    }),
    { numRuns: 50 },
  );
});
