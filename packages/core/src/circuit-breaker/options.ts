/** What a circuit breaker may be told, and what it then holds itself to. */
import { InvalidOptionsError } from '../errors.ts';
import { optionsReader } from '../internal/options-reader.ts';

/** Admission after closing: a share of the calls at first, all of them at the end, rising evenly. */
export interface SlowStartOptions {
  /** 0 (admit all at once) to 3,600,000 ms. Default 2,000. */
  readonly durationMs?: number;
  /** Share admitted at the beginning, in (0, 1]. Default 0.25. */
  readonly initialRatio?: number;
}

export interface CircuitBreakerOptions {
  /** Share of failed calls in the window that opens the circuit, in (0, 1]. Default 0.5. */
  readonly failureRatio?: number;
  /** A success that took at least this long counts as slow, 1 to 2,147,483,647 ms. Default: none does. */
  readonly slowCallMs?: number;
  /** Share of slow calls in the window that opens the circuit, in (0, 1]. Default 0.8. */
  readonly slowCallRatio?: number;
  /** Calls in the window below which nothing opens, 1 to 1,000,000. Default 10. */
  readonly minimumCalls?: number;
  /** How long a call counts, 100 to 3,600,000 ms. Default 10,000. */
  readonly windowMs?: number;
  /** Steps in which the window moves, 1 to 1,000. Default 10. */
  readonly buckets?: number;
  /** First time for which an open circuit refuses, 1 to 2,147,483,647 ms; it doubles with each opening that follows soon. Default 5,000. */
  readonly openForMs?: number;
  /** Cap of the doubling, `openForMs` to 2,147,483,647 ms. Default 60,000. */
  readonly maxOpenForMs?: number;
  /** Probes that may run at once while half-open, over the whole fleet, and successes that close it, 1 to 100. Default 3. */
  readonly halfOpenProbes?: number;
  /** A probe that takes longer is aborted and has failed; the place of a crashed prober is free again after it. 10 to 3,600,000 ms. Default 10,000. */
  readonly probeLeaseMs?: number;
  /** How often an instance with calls talks to the store, 10 to 60,000 ms, at least a 500th of `windowMs`. Default 1,000. */
  readonly syncIntervalMs?: number;
  /** Failing instances without which the fleet does not open, 1 to 256. Default 2. */
  readonly quorumInstances?: number;
  /** How long one call to the store may take before it counts as down, 1 to 60,000 ms. Default 2,000. */
  readonly storeTimeoutMs?: number;
  /**
   * With the store down: `local`, each instance goes on by itself, and `halfOpenProbes` holds for each of them alone;
   * `closed-to-probes`, an open circuit stays open until the store is back. Default `local`.
   */
  readonly storeDown?: 'local' | 'closed-to-probes';
  readonly slowStart?: SlowStartOptions;
}

/** Options with every default filled in and checked. `slowCallMs` is `Infinity` when no success counts as slow. */
export type BreakerSettings = Required<Omit<CircuitBreakerOptions, 'slowStart'>> & {
  readonly slowStart: Required<SlowStartOptions>;
};

/** @throws InvalidOptionsError `HF_INVALID_OPTIONS`. */
export function breakerSettings(owner: string, options: CircuitBreakerOptions): BreakerSettings {
  const read = optionsReader(owner, options);
  const ramp = optionsReader(`${owner} slowStart`, options.slowStart ?? {});
  const windowMs = read.durationMs('windowMs', 10_000, 100, 3_600_000);
  const openForMs = read.durationMs('openForMs', 5_000);
  const syncIntervalMs = read.durationMs('syncIntervalMs', Math.max(1_000, windowMs / 500), 10, 60_000);
  if (windowMs / syncIntervalMs > 500) {
    throw new InvalidOptionsError(
      owner,
      'syncIntervalMs',
      `at least a 500th of windowMs ${windowMs}`,
      syncIntervalMs,
    );
  }
  return Object.freeze({
    failureRatio: read.ratio('failureRatio', 0.5),
    slowCallMs:
      options.slowCallMs === undefined ? Number.POSITIVE_INFINITY : read.durationMs('slowCallMs', 'required'),
    slowCallRatio: read.ratio('slowCallRatio', 0.8),
    minimumCalls: read.integer('minimumCalls', 10, 1, 1_000_000),
    windowMs,
    buckets: read.integer('buckets', 10, 1, 1_000),
    openForMs,
    maxOpenForMs: read.durationMs('maxOpenForMs', Math.max(60_000, openForMs), openForMs),
    halfOpenProbes: read.integer('halfOpenProbes', 3, 1, 100),
    probeLeaseMs: read.durationMs('probeLeaseMs', 10_000, 10, 3_600_000),
    syncIntervalMs,
    quorumInstances: read.integer('quorumInstances', 2, 1, 256),
    storeTimeoutMs: read.durationMs('storeTimeoutMs', 2_000, 1, 60_000),
    storeDown: read.choice('storeDown', 'local', ['local', 'closed-to-probes']),
    slowStart: Object.freeze({
      durationMs: ramp.durationMs('durationMs', 2_000, 0, 3_600_000),
      initialRatio: ramp.ratio('initialRatio', 0.25),
    }),
  });
}
