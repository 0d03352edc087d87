/** What each dependency may take: the numbers of every guard in one table. */
import type { Tier } from '@holdfast/dashboard/contract';
import type { ServiceName } from '../supervisor/topology.ts';

export interface DependencyLimits {
  readonly tier: Tier;
  /** One attempt. */
  readonly timeoutMs: number;
  /** All attempts together, with their pauses. */
  readonly budgetMs: number;
  /** First included. */
  readonly maxAttempts: number;
  /** A call this slow counts as slow. */
  readonly slowCallMs: number;
}

/** Search sources must fit one search; the order steps may retry within the saga's task timeout of 10 s. */
const ORDER_STEP = { timeoutMs: 1_500, budgetMs: 6_000, maxAttempts: 4, slowCallMs: 1_000 } as const;
const SEARCH_SOURCE = { timeoutMs: 345, budgetMs: 350, maxAttempts: 2, slowCallMs: 340 } as const;

export const DEPENDENCIES: Readonly<Record<ServiceName, DependencyLimits>> = {
  payment: { tier: 'critical', ...ORDER_STEP },
  inventory: { tier: 'critical', ...ORDER_STEP },
  shipping: { tier: 'critical', ...ORDER_STEP },
  products: { tier: 'standard', ...SEARCH_SOURCE },
  history: { tier: 'standard', ...SEARCH_SOURCE },
  recommendations: { tier: 'non-critical', ...SEARCH_SOURCE },
  analytics: { tier: 'non-critical', ...SEARCH_SOURCE },
  partner: { tier: 'non-critical', ...SEARCH_SOURCE },
};

/** Concurrency of each tier's pool in one process. Critical calls queue longest, the others are shed early. */
export const POOLS: Readonly<
  Record<Tier, { maxConcurrent: number; maxQueued: number; queueTimeoutMs: number }>
> = {
  critical: { maxConcurrent: 32, maxQueued: 256, queueTimeoutMs: 1_000 },
  standard: { maxConcurrent: 32, maxQueued: 64, queueTimeoutMs: 200 },
  'non-critical': { maxConcurrent: 24, maxQueued: 24, queueTimeoutMs: 100 },
};

export const BREAKER = {
  ...{ failureRatio: 0.5, minimumCalls: 10, windowMs: 10_000, buckets: 10 },
  ...{ openForMs: 3_000, maxOpenForMs: 30_000, halfOpenProbes: 2, syncIntervalMs: 500 },
} as const;
