import { expect, test } from 'vitest';
import { memoryStateStore } from '../ports/memory-state-store.ts';
import type { StateStore } from '../ports/state-store.ts';
import { StoreUnavailableError } from '../ports/state-store.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { fleetRound } from './fleet-round.ts';
import { fleetStateToJson, unwrittenFleet } from './fleet-state.ts';
import { step } from './machine.ts';
import { breakerSettings } from './options.ts';
import { permitBook } from './permit-book.ts';
import type { BreakerState, Permit } from './state.ts';
import { initialState } from './state.ts';
import { unsentCounts } from './unsent-counts.ts';

/** One member before a store that each test can disturb. */
function setup() {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const memory = memoryStateStore({ runtime });
  const settings = breakerSettings('breaker', {
    halfOpenProbes: 2,
    probeLeaseMs: 1_000,
    storeTimeoutMs: 500,
  });
  const world: {
    state: BreakerState;
    before: (key: string) => Promise<void>;
    unknown: number;
    demand: number;
  } = {
    state: initialState(0, true),
    before: async () => {},
    unknown: 0,
    demand: 1,
  };
  const store: StateStore = {
    get: async (key) => world.before(key).then(() => memory.get(key)),
    add: async (key, deltas, options) => world.before(key).then(() => memory.add(key, deltas, options)),
    compareAndSet: async (key, ...rest) => world.before(key).then(() => memory.compareAndSet(key, ...rest)),
  };
  const unsent = unsentCounts();
  const book = permitBook('me');
  const member = {
    name: 'payment',
    instanceId: 'i',
    session: 'me',
    settings,
    state: () => world.state,
    feed(input: Parameters<typeof step>[1]) {
      world.state = step(world.state, input, settings).state;
    },
    tally: () => ({ calls: 0, successes: 0, failures: 0, slow: 0 }),
    demand: () => world.demand,
    isPressed: () => false,
    granted: () => {},
    reached: () => {},
    countsUnknown(calls: number) {
      world.unknown += calls;
    },
  };
  const round = fleetRound(store, member, unsent, book, runtime);
  const permits = (): readonly Permit[] =>
    world.state.phase.kind === 'half-open' ? world.state.phase.permits : [];
  return { runtime, memory, world, unsent, book, round, permits };
}

const halfOpenFleet = fleetStateToJson({ ...unwrittenFleet, kind: 'half-open', epoch: 3 });
const refused = (key: string) => new StoreUnavailableError(key, 'not-applied', 'test');
const lost = (key: string) => new StoreUnavailableError(key, 'unknown', 'test');

test('batches that were never tried are kept when an earlier one fails', async () => {
  const { memory, world, unsent, round } = setup();
  for (const epoch of [1, 2, 3]) unsent.record(epoch, 'failure');
  world.state = { ...world.state, epoch: 3 };
  world.before = async (key) => {
    if (key.endsWith('counts/1')) throw lost(key);
  };
  await expect(round.run()).rejects.toMatchObject({ code: 'HF_STORE_UNAVAILABLE' });
  expect(world.unknown).toBe(1);
  world.before = async () => {};
  await round.run();
  expect([
    await memory.add('breaker/payment/counts/1', {}),
    (await memory.add('breaker/payment/counts/2', {}))['late.failures'],
  ]).toEqual([{}, 1]);
});

test('counts of a refused write are kept, those of a lost one are unknown and not sent again', async () => {
  const { memory, world, unsent, round } = setup();
  unsent.record(0, 'success');
  world.before = (key) => Promise.reject(refused(key));
  await expect(round.run()).rejects.toThrow();
  expect([unsent.isEmpty, world.unknown]).toEqual([false, 0]);
  unsent.record(0, 'success');
  world.before = (key) => Promise.reject(lost(key));
  await expect(round.run()).rejects.toThrow();
  expect(world.unknown).toBe(1);
  world.before = async () => {};
  await round.run();
  expect(await memory.add('breaker/payment/counts/0', {})).toMatchObject({ 'late.successes': 1 });
  expect(unsent.isEmpty).toBe(true);
});

test('a lease runs from before the write that took it', async () => {
  const { runtime, memory, world, round, permits } = setup();
  await memory.compareAndSet('breaker/payment/state', 'absent', halfOpenFleet);
  await round.run();
  expect(world.state.phase.kind).toBe('half-open');
  world.before = () => runtime.sleep(200);
  await runtime.runUntil(round.run());
  // The item was read 200 ms into the round, and the write took as long again.
  expect(permits().map(({ expiresAtMs }) => expiresAtMs)).toEqual([1_200]);
});

test('a store that never answers counts as one that lost the write', async () => {
  const { runtime, world, unsent, round } = setup();
  unsent.record(0, 'success');
  world.before = () => new Promise(() => {});
  await expect(runtime.runUntil(round.run())).rejects.toMatchObject({ outcome: 'unknown' });
  expect([runtime.now(), world.unknown]).toEqual([500, 1]);
});

test('an unused permit is renewed in time, and given up when another waits and this one has long not used it', async () => {
  const { runtime, memory, world, round, permits } = setup();
  await memory.compareAndSet('breaker/payment/state', 'absent', halfOpenFleet);
  await round.run();
  await round.run();
  expect(permits()).toMatchObject([{ expiresAtMs: 1_000 }]);
  await runtime.advance(600);
  await round.run();
  expect(permits()).toMatchObject([{ expiresAtMs: 1_600 }]);
  world.demand = 0;
  await runtime.advance(600);
  const read = await memory.get('breaker/payment/state');
  await memory.compareAndSet('breaker/payment/state', read?.version ?? 0, {
    ...Object(read?.value),
    wanted: true,
  });
  await round.run();
  expect(permits()).toEqual([]);
});

test('a permit that the store no longer lists is not used any more', async () => {
  const { memory, world, round, permits } = setup();
  await memory.compareAndSet('breaker/payment/state', 'absent', halfOpenFleet);
  await round.run();
  await round.run();
  expect(permits()).toHaveLength(1);
  const read = await memory.get('breaker/payment/state');
  await memory.compareAndSet('breaker/payment/state', read?.version ?? 0, halfOpenFleet);
  world.demand = 0;
  await round.run();
  expect(permits()).toEqual([]);
});

test('an open fleet that is due is not probed by an instance that nobody asks', async () => {
  const { runtime, memory, world, round } = setup();
  const open = fleetStateToJson({ ...unwrittenFleet, kind: 'open', epoch: 9, openForMs: 50 });
  await memory.compareAndSet('breaker/payment/state', 'absent', open);
  await round.run();
  await runtime.advance(60);
  world.demand = 0;
  await round.run();
  expect((await memory.get('breaker/payment/state'))?.value).toEqual(open);
  world.demand = 1;
  await round.run();
  expect(world.state.phase.kind).toBe('half-open');
});

test('counts of an epoch that was seen to begin are all recent, also those of others', async () => {
  const { memory, world, unsent, round } = setup();
  await memory.compareAndSet('breaker/payment/state', 'absent', halfOpenFleet);
  await round.run();
  const read = await memory.get('breaker/payment/state');
  const closed = fleetStateToJson({ ...unwrittenFleet, kind: 'closed', epoch: 4 });
  await memory.compareAndSet('breaker/payment/state', read?.version ?? 0, closed);
  await round.run();
  expect(world.state.epoch).toBe(4);
  await memory.add('breaker/payment/counts/4', { failures: 6 });
  unsent.record(4, 'failure');
  await round.run();
  expect(round.tally()).toMatchObject({ calls: 7, failures: 7 });
});

test('a store that lost its item is taught the epoch by the next change', async () => {
  const { runtime, memory, world, round } = setup();
  await memory.compareAndSet(
    'breaker/payment/state',
    'absent',
    fleetStateToJson({ ...unwrittenFleet, kind: 'open', epoch: 9, openForMs: 50 }),
    { ttlMs: 10 },
  );
  await round.run();
  await runtime.advance(60);
  expect(await memory.get('breaker/payment/state')).toBeUndefined();
  await round.run();
  expect(world.state).toMatchObject({ epoch: 10, phase: { kind: 'half-open' } });
  expect((await memory.get('breaker/payment/state'))?.value).toMatchObject({ epoch: 10, kind: 'half-open' });
});

test('an item that no breaker wrote is an error that names the key', async () => {
  const { memory, round } = setup();
  await memory.compareAndSet('breaker/payment/state', 'absent', 'something else');
  await expect(round.run()).rejects.toMatchObject({
    code: 'HF_BREAKER_STATE_UNREADABLE',
    key: 'breaker/payment/state',
  });
});
