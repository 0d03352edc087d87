import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fleet, Member } from './fleet-world.fixture.ts';
import { fleet } from './fleet-world.fixture.ts';

/** A stretch of time in the life of a fleet. */
interface Weather {
  readonly forMs: number;
  readonly everyMs: number;
  readonly healthy: boolean;
  readonly sick: number;
  readonly storeUp: boolean;
  readonly disturbance: number;
}

const weather: fc.Arbitrary<Weather> = fc.record({
  forMs: fc.integer({ min: 500, max: 6_000 }),
  everyMs: fc.constantFrom(20, 50, 100, 400),
  healthy: fc.boolean(),
  sick: fc.constantFrom(-1, -1, 0, 1),
  storeUp: fc.constantFrom(true, true, true, false),
  disturbance: fc.constantFrom(0, 0, 0.1, 0.4),
});

const life = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  size: fc.integer({ min: 1, max: 4 }),
  halfOpenProbes: fc.integer({ min: 1, max: 3 }),
  days: fc.array(weather, { minLength: 2, maxLength: 8, size: 'max' }),
});

async function live(world: Fleet, days: readonly Weather[]): Promise<void> {
  for (const day of days) {
    world.dependency.healthy = day.healthy;
    world.store.up = day.storeUp;
    world.store.disturbance = day.disturbance;
    world.members.forEach((member, index) => {
      member.sick = index === day.sick;
    });
    await world.traffic(day.forMs, day.everyMs);
  }
}

const calm: Weather = { forMs: 60_000, everyMs: 100, healthy: true, sick: -1, storeUp: true, disturbance: 0 };

/** All counts in the store, of every epoch, in time or late. */
async function storedCalls(world: Fleet): Promise<number> {
  const last = Math.max(0, ...world.history.map(({ epoch }) => epoch));
  let calls = 0;
  for (let epoch = 0; epoch <= last; epoch += 1) {
    const totals = await world.memory.add(`breaker/payment/counts/${epoch}`, {});
    for (const [field, total] of Object.entries(totals)) {
      if (/(successes|failures|slow)$/.test(field)) calls += total;
    }
  }
  return calls;
}

test('whatever happens: probes stay within their bound, epochs only grow, no count is lost or doubled, and it recovers', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(life, async ({ seed, size, halfOpenProbes, days }) => {
      const world = fleet(
        size,
        { halfOpenProbes, storeDown: 'closed-to-probes', probeLeaseMs: 2_000, maxOpenForMs: 8_000 },
        seed,
      );
      await live(world, [...days, calm]);
      expect(world.dependency.mostProbes).toBeLessThanOrEqual(halfOpenProbes);
      expect(world.members.map(({ breaker }) => breaker.snapshot().state)).toEqual(
        world.members.map(() => 'closed'),
      );

      let before = { kind: 'closed', epoch: 0 };
      for (const item of world.history) {
        expect(item.epoch - before.epoch).toBe(item.kind === before.kind ? 0 : 1);
        reached.add(`${before.kind} > ${item.kind}`);
        before = item;
      }
      for (const { breaker } of world.members) expect(breaker.snapshot().epoch).toBe(before.epoch);
      for (const { kind } of world.events) reached.add(kind);

      await world.time.runUntil(
        Promise.all(world.members.map(({ breaker }) => breaker[Symbol.asyncDispose]())),
      );
      const unknown = world.members.reduce((sum, { breaker }) => sum + breaker.snapshot().unknownCalls, 0);
      const stored = await storedCalls(world);
      expect(stored).toBeLessThanOrEqual(world.counted.calls);
      expect(stored).toBeGreaterThanOrEqual(world.counted.calls - unknown);
      expect(world.time.pendingTimers).toBe(0);
    }),
    { numRuns: 40 },
  );
  expect([...reached].sort()).toEqual([
    'closed > closed',
    'closed > open',
    'counts-unknown',
    'half-open > closed',
    'half-open > half-open',
    'half-open > open',
    'open > half-open',
    'open > open',
    'rejected',
    'store-down',
    'store-up',
    'transition',
  ]);
}, 120_000);

/** Lets time pass, a minute at most, until an instance has a probe under way. */
async function firstProber(world: Fleet): Promise<Member | undefined> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    await world.traffic(50);
    const probing = world.members.find(
      ({ name, breaker }) => !world.crashed.has(name) && breaker.snapshot().probesInFlight > 0,
    );
    if (probing !== undefined) return probing;
  }
  return undefined;
}

test('crashes with permits in hand never raise the bound and never stop recovery', async () => {
  let crashedWhileProbing = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 1, max: 2 }),
      async (seed, halfOpenProbes) => {
        const world = fleet(
          4,
          { halfOpenProbes, storeDown: 'closed-to-probes', probeLeaseMs: 2_000, maxOpenForMs: 8_000 },
          seed,
        );
        world.dependency.healthy = false;
        world.dependency.latencyMs = 200;
        await world.traffic(3_000);
        for (let deaths = 0; deaths < 2; deaths += 1) {
          const prober = await firstProber(world);
          if (prober === undefined) continue;
          world.crashed.add(prober.name);
          crashedWhileProbing += 1;
        }
        world.dependency.healthy = true;
        await world.traffic(30_000);
        expect(world.dependency.mostProbes).toBeLessThanOrEqual(halfOpenProbes);
        const alive = world.members.filter(({ name }) => !world.crashed.has(name));
        expect(alive.map(({ breaker }) => breaker.snapshot().state)).toEqual(['closed', 'closed']);
      },
    ),
    { numRuns: 15 },
  );
  expect(crashedWhileProbing).toBe(30);
}, 60_000);
