import { expect, test } from 'vitest';
import { memoryStateStore } from '../ports/memory-state-store.ts';
import type { StateStore } from '../ports/state-store.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { fleetLink } from './fleet-link.ts';
import { breakerSettings } from './options.ts';
import { initialState } from './state.ts';

/** A link of an instance that stays closed, with the moments of its reads, each of which takes 100 ms. */
function setup() {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const memory = memoryStateStore({ runtime });
  const readsAtMs: number[] = [];
  const store: StateStore = {
    ...memory,
    async get(key) {
      readsAtMs.push(runtime.now());
      await runtime.sleep(100);
      return memory.get(key);
    },
  };
  const state = initialState(0, true);
  const link = fleetLink(
    store,
    {
      name: 'payment',
      instanceId: 'i',
      settings: breakerSettings('breaker', { syncIntervalMs: 1_000, windowMs: 5_000 }),
      onEvent: undefined,
      state: () => state,
      feed: () => {},
      tally: () => ({ calls: 0, successes: 0, failures: 0, slow: 0 }),
    },
    runtime,
  );
  return { runtime, link, readsAtMs };
}

test('the first call after a silence syncs at once, the next in about an interval', async () => {
  const { runtime, link, readsAtMs } = setup();
  link.asked(false);
  await runtime.advance(1_200);
  expect(readsAtMs[0]).toBe(0);
  expect(readsAtMs[1]).toBeGreaterThanOrEqual(900);
  expect(readsAtMs[1]).toBeLessThanOrEqual(1_100);
});

test('what is urgent during a round makes another one right after, once', async () => {
  const { runtime, link, readsAtMs } = setup();
  link.asked(false);
  await runtime.advance(50);
  for (let trip = 0; trip < 5; trip += 1) link.soon();
  await runtime.advance(400);
  expect(readsAtMs).toEqual([0, 100]);
});

test('refusals for want of a permit sync no more than ten times an interval', async () => {
  const { runtime, link, readsAtMs } = setup();
  for (let ms = 0; ms < 2_000; ms += 5) {
    link.asked(true);
    await runtime.advance(5);
  }
  expect(readsAtMs.length).toBeGreaterThan(8);
  expect(readsAtMs.length).toBeLessThanOrEqual(20);
});

test('after its last call it looks on for a window and is then silent', async () => {
  const { runtime, link, readsAtMs } = setup();
  link.asked(false);
  await runtime.advance(60_000);
  expect(readsAtMs.length).toBeGreaterThanOrEqual(5);
  expect(readsAtMs.length).toBeLessThanOrEqual(7);
  expect(readsAtMs.at(-1)).toBeLessThan(6_200);
  expect(runtime.pendingTimers).toBe(0);
});

test('disposed, it is silent for ever', async () => {
  const { runtime, link, readsAtMs } = setup();
  link.asked(false);
  link.counted(0, 'success');
  await runtime.runUntil(link[Symbol.asyncDispose]());
  const reads = readsAtMs.length;
  link.asked(true);
  link.soon();
  await runtime.advance(60_000);
  expect([readsAtMs.length - reads, runtime.pendingTimers]).toEqual([0, 0]);
});
