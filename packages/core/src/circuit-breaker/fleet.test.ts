import { describe, expect, test } from 'vitest';
import type { Member } from './fleet-world.fixture.ts';
import { all, dispose, fleet } from './fleet-world.fixture.ts';

describe('a fleet', () => {
  test('opens together, probes within its bound, closes together, once each', async () => {
    const world = fleet(5);
    await world.traffic(3_000);
    expect(world.states()).toEqual(all('closed', 5));
    world.dependency.healthy = false;
    await world.traffic(4_000);
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
    if (newcomer) await world.time.runUntil(world.call(newcomer));
    await world.time.advance(1_500);
    expect(world.states()).toEqual(all('open', 3));
  });

  test('a prober that crashes blocks recovery for one lease at most', async () => {
    const world = fleet(2, { halfOpenProbes: 1, probeLeaseMs: 4_000 });
    world.dependency.healthy = false;
    await world.traffic(2_000);
    expect(world.states()).toEqual(all('open', 2));
    world.dependency.healthy = true;
    // Whoever takes the only permit dies with it in hand.
    const prober = (): Member | undefined =>
      world.members.find(({ breaker }) => breaker.snapshot().probesInFlight > 0);
    while (prober() === undefined) await world.traffic(10, 10);
    const dead = prober();
    if (dead) world.crashed.add(dead.name);
    const [survivor] = world.members.filter((member) => member !== dead);
    const diedAtMs = world.time.now();
    while (survivor && survivor.breaker.snapshot().state !== 'closed') await world.traffic(50, 50);
    const blockedMs = world.time.now() - diedAtMs;
    expect(blockedMs).toBeGreaterThan(2_000);
    expect(blockedMs).toBeLessThan(4_000 + 2 * 1_000);
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

  test('is probed when it is due and closes at once, however long the sync interval', async () => {
    const world = fleet(2, { openForMs: 1_000, halfOpenProbes: 1, syncIntervalMs: 8_000 });
    world.dependency.healthy = false;
    await world.traffic(750);
    expect(world.members.map(({ breaker }) => breaker.snapshot().state)).toEqual(['open', 'open']);
    world.dependency.healthy = true;
    await world.traffic(1_000, 10);
    expect(world.members.some(({ breaker }) => breaker.snapshot().state === 'closed')).toBe(true);
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
    expect(world.fleetTransitions().at(-1)).toBe('open > closed: rejoined');
  });
});
