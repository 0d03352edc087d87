/**
 * The way every call to a service takes: deadline → retry → circuit breaker → bulkhead of its tier →
 * timeout → HTTP. One breaker a dependency, its state shared with the other processes through the
 * embedded store; one pool and one retry budget a tier.
 */
import {
  type Bulkhead,
  bulkhead,
  type Call,
  type CircuitBreaker,
  circuitBreaker,
  deadline,
  type Operation,
  type Policy,
  pipeline,
  retry,
  retryBudget,
  type StateStore,
  timeout,
} from '@holdfast/core';
import type { BreakerTransition, BreakerView, BulkheadView, Tier } from '@holdfast/dashboard/contract';
import type { Telemetry } from '@holdfast/telemetry';
import type { ServiceName } from '../supervisor/topology.ts';
import { BREAKER, DEPENDENCIES, POOLS } from './dependencies.ts';
import { ServiceRefusedError } from './errors.ts';

/** Transitions kept for the page. */
const MAX_TRANSITIONS = 50;

export interface Guards extends AsyncDisposable {
  /** @throws what the operation throws, or the guard that refused it: HF_BREAKER_OPEN, HF_BULKHEAD_FULL, HF_TIMEOUT, HF_DEADLINE_EXCEEDED. */
  execute<T>(dependency: ServiceName, operation: Operation<T>, call?: Partial<Call>): Promise<T>;
  view(): {
    readonly breakers: readonly BreakerView[];
    readonly bulkheads: readonly BulkheadView[];
    readonly transitions: readonly BreakerTransition[];
  };
}

export interface GuardsOptions {
  readonly worker: string;
  readonly dependencies: readonly ServiceName[];
  readonly store: StateStore;
  readonly telemetry: Telemetry;
}

export function guards({ worker, dependencies, store, telemetry }: GuardsOptions): Guards {
  const transitions: BreakerTransition[] = [];
  const pools = new Map<Tier, Bulkhead>();
  const budgets = new Map<Tier, ReturnType<typeof retryBudget>>();
  const pool = (tier: Tier): Bulkhead => known(pools, tier, () => bulkhead(tier, { tier, ...POOLS[tier] }));
  const budget = (tier: Tier): ReturnType<typeof retryBudget> =>
    known(budgets, tier, () => retryBudget({ ratio: 0.2, minPerSecond: 5 }));
  const breakers = new Map<ServiceName, CircuitBreaker>();
  const ways = new Map<ServiceName, Policy>();

  for (const name of dependencies) {
    const limits = DEPENDENCIES[name];
    const breaker = circuitBreaker(
      name,
      { ...BREAKER, slowCallMs: limits.slowCallMs },
      {
        ...{ store, instanceId: worker, isFailure: blamesDependency },
        onEvent: (event) => {
          // A change of the fleet is told by every instance that follows it; its maker tells it for the page.
          if (event.kind !== 'transition' || event.by !== worker) return;
          transitions.push({
            dependency: name,
            worker,
            from: event.from,
            to: event.to,
            epoch: event.epoch,
            reason: event.reason,
            atMs: event.atMs,
          });
          if (transitions.length > MAX_TRANSITIONS) transitions.shift();
          telemetry.log.warn(
            { dependency: name, from: event.from, to: event.to, epoch: event.epoch, reason: event.reason },
            'circuit changed',
          );
        },
      },
    );
    breakers.set(name, breaker);
    ways.set(
      name,
      pipeline(
        deadline({ budgetMs: limits.budgetMs }),
        retry(
          name,
          { maxAttempts: limits.maxAttempts, baseDelayMs: 40, maxDelayMs: 1_000 },
          { budget: budget(limits.tier) },
        ),
        breaker,
        pool(limits.tier),
        timeout(name, { timeoutMs: limits.timeoutMs }),
      ),
    );
  }

  return {
    execute: async (dependency, operation, call) => {
      const way = ways.get(dependency);
      if (way === undefined) throw new RangeError(`no guard for "${dependency}" in ${worker}`);
      return await way.execute(operation, call);
    },
    view: () => ({
      breakers: [...breakers].map(([dependency, breaker]) => breakerView(dependency, worker, breaker)),
      bulkheads: [...pools].map(([tier, each]) => {
        const { active, queued, maxConcurrent, maxQueued, rejected, completed } = each.snapshot();
        return { worker, tier, active, queued, maxConcurrent, maxQueued, rejected, completed };
      }),
      transitions: [...transitions],
    }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...breakers.values()].map((breaker) => breaker[Symbol.asyncDispose]()));
    },
  };
}

/** A refusal is a healthy answer. A dependency that let our time run out, ours or its own, is to blame. */
function blamesDependency(error: unknown): boolean {
  if (error instanceof ServiceRefusedError) return false;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'HF_SHOP_UNAVAILABLE' || code === 'HF_TIMEOUT' || code === 'HF_DEADLINE_EXCEEDED';
}

function breakerView(dependency: ServiceName, worker: string, breaker: CircuitBreaker): BreakerView {
  const now = breaker.snapshot();
  return {
    ...{
      dependency,
      worker,
      tier: DEPENDENCIES[dependency].tier,
      state: now.state,
      scope: now.scope,
      epoch: now.epoch,
    },
    ...{ calls: now.calls, failures: now.failures, slow: now.slow, failureRatio: now.failureRatio },
    thresholdRatio: BREAKER.failureRatio,
    window: now.window.map(({ successes, failures, slow }) => ({ successes, failures, slow })),
    ...{ reopensInMs: now.reopensInMs, probesInFlight: now.probesInFlight, store: now.store },
  };
}

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
