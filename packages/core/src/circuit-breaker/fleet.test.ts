import { describe, expect, test } from 'vitest';
import { memoryStateStore } from '../ports/memory-state-store.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { StateStore } from '../ports/state-store.ts';
import { StoreUnavailableError } from '../ports/state-store.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import type { BreakerEvent } from './events.ts';
import type { CircuitBreakerOptions } from './options.ts';
import type { CircuitBreaker } from './policy.ts';
import { circuitBreaker } from './policy.ts';

/** Several instances of one breaker in one virtual time, each with clocks of its own, before one dependency. */
function fleet(size: number, options: CircuitBreakerOptions = {}, seed = 1) {
  const time = virtualRuntime({ seed, startMs: 0 });
  const memory = memoryStateStore({ runtime: time });
  const store = { up: true, calls: 0 };
  const dependency = { healthy: true, probes: 0, mostProbes: 0, latencyMs: 20 };
  const events: BreakerEvent[] = [];

  function faulty(): StateStore {
    async function through<T>(key: string, work: () => Promise<T>): Promise<T> {
      store.calls += 1;
      if (!store.up) throw new StoreUnavailableError(key, 'not-applied', 'the test took it down');
      await time.sleep(3);
      return work();
    }
    return {
      get: (key) => through(key, () => memory.get(key)),
      add: (key, ...rest) => through(key, () => memory.add(key, ...rest)),
      compareAndSet: (key, ...rest) => through(key, () => memory.compareAndSet(key, ...rest)),
    };
  }

  const members = Array.from({ length: size }, (_, index) => {
    const name = `i${index}`;
    // Wall clocks are hours apart: nothing may depend on them.
    const runtime: Runtime = time.view({
      seed: seed * 1_000 + index,
      wallOffsetMs: index * 7_200_000,
      monotonicOffsetMs: index * 977,
    });
    const breaker = circuitBreaker(
      'payment',
      { slowStart: { durationMs: 0 }, openForMs: 2_000, ...options },
      {
        runtime,
        store: faulty(),
        instanceId: name,
        onEvent: (event) => void events.push(event),
      },
    );
    return { name, runtime, breaker, sick: false, crashed: false };
  });
  type Member = (typeof members)[number];

  /** One call; a probe is counted while it runs. */
  async function call(member: Member): Promise<'ok' | 'failed' | 'refused'> {
    const probing = member.breaker.snapshot().state !== 'closed';
    let ran = false;
    try {
      await member.breaker.execute(async ({ signal }) => {
        ran = true;
        if (probing) dependency.probes += 1;
        dependency.mostProbes = Math.max(dependency.mostProbes, dependency.probes);
        try {
          await member.runtime.sleep(dependency.latencyMs, signal);
          if (member.sick || !dependency.healthy) throw new Error('down');
        } finally {
          if (probing) dependency.probes -= 1;
        }
      });
      return 'ok';
    } catch {
      return ran ? 'failed' : 'refused';
    }
  }

  /** Every member calls every `everyMs` for `forMs`. */
  async function traffic(forMs: number, everyMs = 50, among: readonly Member[] = members): Promise<void> {
    for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs += everyMs) {
      for (const member of among) if (!member.crashed) void call(member);
      await time.advance(everyMs);
    }
  }

  const states = (): string[] =>
    members.map(({ breaker }) => `${breaker.snapshot().state} by ${breaker.snapshot().scope}`);
  const fleetTransitions = (): string[] =>
    events.flatMap((event) =>
      event.kind === 'transition' && event.scope === 'fleet' && event.by === event.instanceId
        ? [`${event.from} > ${event.to}: ${event.reason}`]
        : [],
    );
  return { time, store, memory, dependency, events, members, call, traffic, states, fleetTransitions };
}

type Fleet = ReturnType<typeof fleet>;

const all = (kind: string, size: number): string[] => Array.from({ length: size }, () => `${kind} by fleet`);

async function dispose({ members, time }: Fleet): Promise<void> {
  await time.runUntil(Promise.all(members.map(({ breaker }) => breaker[Symbol.asyncDispose]())));
}

describe('a fleet', () => {
  test('opens together, probes within its bound, closes together, once each', async () => {
    const world = fleet(5);
    await world.traffic(3_000);
    expect(world.states()).toEqual(all('closed', 5));
    world.dependency.healthy = false;
    await world.traffic(2_500);
    expect(world.states()).toEqual(all('open', 5));
    world.dependency.healthy = true;
    await world.traffic(6_000);
    expect(world.states()).toEqual(all('closed', 5));
    expect(world.fleetTransitions()).toEqual([
      'closed > open: failure-ratio',
      'open > half-open: open-elapsed',
      'half-open > closed: probes-succeeded',
    ]);
    expect(world.members.map(({ breaker }) => breaker.snapshot().epoch)).toEqual([3, 3, 3, 3, 3]);
    expect(world.dependency.mostProbes).toBeGreaterThan(0);
    expect(world.dependency.mostProbes).toBeLessThanOrEqual(3);
    await dispose(world);
    expect(world.time.pendingTimers).toBe(0);
  });

  test('opens within two sync intervals of its rate passing the threshold, though no instance has seen enough alone', async () => {
    const world = fleet(10, { minimumCalls: 20 });
    world.dependency.healthy = false;
    // 20 failing calls over the fleet, 2 for each instance.
    await world.traffic(100);
    expect(world.states()).toEqual(all('closed', 10));
    await world.traffic(2_000, 500);
    expect(world.states()).toEqual(all('open', 10));
  });

  test('one sick instance opens for itself alone', async () => {
    const world = fleet(4);
    const [sick] = world.members;
    if (sick) sick.sick = true;
    await world.traffic(6_000);
    expect(world.states()).toEqual(['open by instance', ...all('closed', 3)]);
    expect(world.fleetTransitions()).toEqual([]);
    if (sick) sick.sick = false;
    await world.traffic(8_000);
    expect(world.states()[0]).toMatch(/^closed/);
    await dispose(world);
  });

  test('stays open while the dependency is down, for longer each time', async () => {
    const world = fleet(3);
    world.dependency.healthy = false;
    await world.traffic(30_000);
    const openings = world.fleetTransitions().filter((each) => each.startsWith('half-open > open'));
    expect(openings.length).toBeGreaterThanOrEqual(2);
    expect(openings.length).toBeLessThanOrEqual(4);
    expect(world.dependency.mostProbes).toBeLessThanOrEqual(3);
    world.dependency.healthy = true;
    await world.traffic(40_000);
    expect(world.states()).toEqual(all('closed', 3));
  });

  test('a newcomer finds the circuit open and waits its time, whatever its wall clock says', async () => {
    const world = fleet(3, { openForMs: 10_000 });
    const [, , newcomer] = world.members;
    world.dependency.healthy = false;
    await world.traffic(3_000, 50, world.members.slice(0, 2));
    if (newcomer) await world.call(newcomer);
    await world.time.advance(1_500);
    expect(world.states()).toEqual(all('open', 3));
  });

  test('a prober that crashes blocks recovery for one lease at most', async () => {
    const world = fleet(2, { halfOpenProbes: 1, probeLeaseMs: 4_000 });
    world.dependency.healthy = false;
    await world.traffic(2_000);
    expect(world.states()).toEqual(all('open', 2));
    world.dependency.healthy = true;
    // The first to take the permit is cut off from everything, permit in hand.
    let crashed: string | undefined;
    for (let elapsedMs = 0; elapsedMs < 10_000 && crashed === undefined; elapsedMs += 10) {
      await world.traffic(10, 10);
      const state = (await world.memory.get('breaker/payment/state'))?.value;
      if (JSON.stringify(state).includes('"permits":[{')) {
        const prober = world.members.find(
          ({ breaker, name }) =>
            breaker.snapshot().state === 'half-open' && JSON.stringify(state).includes(`"by":"${name}"`),
        );
        if (prober) {
          prober.crashed = true;
          crashed = prober.name;
          await freeze(prober.breaker);
        }
      }
    }
    expect(crashed).toBeDefined();
    const survivor = world.members.filter((member) => !member.crashed);
    await world.traffic(4_000 + 3_000, 50, survivor);
    expect(survivor[0]?.breaker.snapshot()).toMatchObject({ state: 'closed', scope: 'fleet' });
  });

  test('an instance that is not called is silent; one that is called costs the same however often', async () => {
    const world = fleet(1);
    const costOf = async (everyMs: number): Promise<number> => {
      const before = world.store.calls;
      await world.traffic(10_000, everyMs);
      return world.store.calls - before;
    };
    const [seldom, often] = [await costOf(200), await costOf(2)];
    expect(seldom).toBeLessThanOrEqual(2 * 13);
    expect(often).toBeLessThanOrEqual(2 * 13);
    await world.time.advance(15_000);
    const quiet = world.store.calls;
    await world.time.advance(3_600_000);
    expect([world.store.calls, world.time.pendingTimers]).toEqual([quiet, 0]);
  });

  test('recovers with hardly any traffic', async () => {
    const world = fleet(2, { openForMs: 1_000, halfOpenProbes: 2 });
    world.dependency.healthy = false;
    await world.traffic(2_000);
    world.dependency.healthy = true;
    await world.time.advance(60_000);
    const [member] = world.members;
    const outcomes: string[] = [];
    for (let call = 0; member && call < 8; call += 1) {
      outcomes.push(await world.time.runUntil(world.call(member)));
      await world.time.advance(45_000);
    }
    expect(outcomes.at(-1)).toBe('ok');
    expect(member?.breaker.snapshot().state).toBe('closed');
  });

  test('no count is lost or doubled', async () => {
    const world = fleet(3, { failureRatio: 1, minimumCalls: 1_000_000 });
    await world.traffic(5_000);
    await dispose(world);
    const totals = await world.memory.add('breaker/payment/counts/0', {});
    expect(totals['successes']).toBe(300);
    expect(world.members.map(({ breaker }) => breaker.snapshot().unknownCalls)).toEqual([0, 0, 0]);
  });
});

/** What a crash leaves behind: nothing is published or given back any more. */
async function freeze(_breaker: CircuitBreaker): Promise<void> {}

describe('with the store down', () => {
  test('mode local: each goes on by itself, says so, and rejoins', async () => {
    const world = fleet(2, { storeDown: 'local' });
    await world.traffic(2_000);
    world.store.up = false;
    world.dependency.healthy = false;
    await world.traffic(4_000);
    expect(world.members.map(({ breaker }) => breaker.snapshot())).toMatchObject([
      { state: 'open', scope: 'instance', store: 'down' },
      { state: 'open', scope: 'instance', store: 'down' },
    ]);
    world.dependency.healthy = true;
    await world.traffic(8_000);
    expect(world.members.map(({ breaker }) => breaker.snapshot().state)).toEqual(['closed', 'closed']);
    world.store.up = true;
    await world.traffic(3_000);
    expect(world.members.map(({ breaker }) => breaker.snapshot().store)).toEqual(['ok', 'ok']);
    const told = world.events
      .filter((event) => event.kind === 'store-down' || event.kind === 'store-up')
      .map((event) => `${event.instanceId} ${event.kind}`);
    expect(told.sort()).toEqual(['i0 store-down', 'i0 store-up', 'i1 store-down', 'i1 store-up']);
    await dispose(world);
    const totals = await world.memory.add('breaker/payment/counts/0', {});
    const counted = (field: string): number => (totals[field] ?? 0) + (totals[`late.${field}`] ?? 0);
    expect(totals['late.failures']).toBeGreaterThan(0);
    expect(counted('successes') + counted('failures')).toBeGreaterThan(80);
  });

  test('mode closed-to-probes: an open circuit stays open until the store is back', async () => {
    const world = fleet(2, { storeDown: 'closed-to-probes' });
    world.dependency.healthy = false;
    await world.traffic(2_000);
    expect(world.states()).toEqual(all('open', 2));
    world.store.up = false;
    world.dependency.healthy = true;
    await world.traffic(20_000);
    expect(world.states()).toEqual(all('open', 2));
    world.store.up = true;
    await world.traffic(6_000);
    expect(world.states()).toEqual(all('closed', 2));
  });

  test('an instance that recovered alone closes the fleet when the store is back', async () => {
    const world = fleet(2, { storeDown: 'local' });
    world.dependency.healthy = false;
    await world.traffic(1_800);
    expect(world.states()).toEqual(all('open', 2));
    world.store.up = false;
    world.dependency.healthy = true;
    await world.traffic(8_000);
    expect(world.members.map(({ breaker }) => breaker.snapshot().state)).toEqual(['closed', 'closed']);
    world.store.up = true;
    await world.traffic(3_000);
    expect(world.members.map(({ breaker }) => breaker.snapshot().state)).toEqual(['closed', 'closed']);
    expect(world.fleetTransitions().at(-1)).toBe('half-open > closed: rejoined');
  });
});
