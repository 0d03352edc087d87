/** Several instances of one breaker in one virtual time: the stage of the fleet's tests. */

import { memoryStateStore } from '../ports/memory-state-store.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { StateStore } from '../ports/state-store.ts';
import { StoreUnavailableError } from '../ports/state-store.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import type { BreakerEvent } from './events.ts';
import { readFleetState } from './fleet-state.ts';
import type { CircuitBreakerOptions } from './options.ts';
import { circuitBreaker } from './policy.ts';

/** Several instances of one breaker in one virtual time, each with clocks of its own, before one dependency. */
export function fleet(size: number, options: CircuitBreakerOptions = {}, seed = 1) {
  const time = virtualRuntime({ seed, startMs: 0 });
  const memory = memoryStateStore({ runtime: time });
  const store = { up: true, calls: 0, disturbance: 0 };
  const dependency = { healthy: true, probes: 0, mostProbes: 0, latencyMs: 20 };
  const events: BreakerEvent[] = [];
  /** Kind and epoch of the fleet's item, as each successful write left it. */
  const history: { readonly kind: string; readonly epoch: number }[] = [];
  /** Calls that an instance counted: admitted while closed, and finished before anything changed. */
  const counted = { calls: 0 };
  /** Crashed instances: whatever they still do reaches nobody. */
  const crashed = new Set<string>();

  /** With disturbance, writes are refused, get lost, or happen although their answer is lost. */
  function reachedBy(name: string): StateStore {
    async function through<T>(key: string, work: () => Promise<T>): Promise<T> {
      store.calls += 1;
      await time.sleep(1 + 4 * time.random());
      if (!store.up || crashed.has(name)) throw new StoreUnavailableError(key, 'not-applied', 'it is down');
      const fate = time.random() / store.disturbance;
      if (fate < 0.3) throw new StoreUnavailableError(key, 'not-applied', 'it is disturbed');
      if (fate < 0.5) throw new StoreUnavailableError(key, 'unknown', 'it is disturbed');
      const answer = await work();
      if (fate < 0.9) throw new StoreUnavailableError(key, 'unknown', 'its answer was lost');
      await time.sleep(1 + 4 * time.random());
      return answer;
    }
    return {
      get: (key) => through(key, () => memory.get(key)),
      add: (key, ...rest) => through(key, () => memory.add(key, ...rest)),
      compareAndSet: (key, expected, value, ...rest) =>
        through(key, async () => {
          const result = await memory.compareAndSet(key, expected, value, ...rest);
          if (result.ok) history.push(readFleetState(key, value));
          return result;
        }),
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
        store: reachedBy(name),
        instanceId: name,
        onEvent: (event) => void events.push(event),
      },
    );
    return { name, runtime, breaker, sick: false };
  });

  /** One call; a probe is counted while it runs. */
  async function call(member: (typeof members)[number]): Promise<'ok' | 'failed' | 'refused'> {
    const { state, turn } = member.breaker.snapshot();
    const probing = state !== 'closed';
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
          else if (member.breaker.snapshot().turn === turn) counted.calls += 1;
        }
      });
      return 'ok';
    } catch {
      return ran ? 'failed' : 'refused';
    }
  }

  /** Every member calls every `everyMs` for `forMs`. */
  async function traffic(
    forMs: number,
    everyMs = 50,
    among: readonly (typeof members)[number][] = members,
  ): Promise<void> {
    for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs += everyMs) {
      for (const member of among) if (!crashed.has(member.name)) void call(member);
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
  return {
    time,
    store,
    crashed,
    counted,
    history,
    memory,
    dependency,
    events,
    members,
    call,
    traffic,
    states,
    fleetTransitions,
  };
}

export type Fleet = ReturnType<typeof fleet>;
export type Member = Fleet['members'][number];

export const all = (kind: string, size: number): string[] =>
  Array.from({ length: size }, () => `${kind} by fleet`);

export async function dispose({ members, time }: Fleet): Promise<void> {
  await time.runUntil(Promise.all(members.map(({ breaker }) => breaker[Symbol.asyncDispose]())));
}
