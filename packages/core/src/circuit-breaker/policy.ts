/** Runs the breaker's machine on the call path: synchronous, local, no timer but for probes. */

import type { Call, Operation, Policy } from '../call.ts';
import { rootCall } from '../call.ts';
import { isHoldfastError } from '../errors.ts';
import { bounded } from '../internal/bounded.ts';
import { notify } from '../internal/notify.ts';
import { checkedName } from '../internal/options-reader.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { StateStore } from '../ports/state-store.ts';
import { systemRuntime } from '../ports/system-runtime.ts';
import { BreakerOpenError, ProbeLeaseExpiredError } from './errors.ts';
import type { BreakerEvent, BreakerSnapshot } from './events.ts';
import type { FleetLink } from './fleet-link.ts';
import { fleetLink } from './fleet-link.ts';
import { step } from './machine.ts';
import type { CircuitBreakerOptions } from './options.ts';
import { breakerSettings } from './options.ts';
import type { BreakerEffect, BreakerInput, Probe } from './state.ts';
import { initialState } from './state.ts';
import type { Outcome } from './window.ts';
import { slidingWindow } from './window.ts';

export interface CircuitBreaker extends Policy, AsyncDisposable {
  snapshot(): BreakerSnapshot;
  /** Publishes what was counted, gives permits back and leaves the fleet. The breaker goes on by itself after that. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface CircuitBreakerDeps {
  /** Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
  /** Shared by all instances of the fleet: breakers with one name on one store are one breaker. Default: no fleet. */
  readonly store?: StateStore;
  /** Names this instance in events. Different for each instance. Default: a new UUID. */
  readonly instanceId?: string;
  /** Called synchronously; a listener that throws surfaces as an uncaught exception, never in the call. */
  readonly onEvent?: (event: BreakerEvent) => void;
  /**
   * Whether an error speaks against the dependency; when not, the call counts as a success. Default: every error does.
   * Not asked about refusals that never reached it (`HF_BULKHEAD_FULL`, `HF_BREAKER_OPEN`) and calls that their caller
   * abandoned, which count as nothing; a deadline or timeout of the caller does count, as a failure.
   */
  readonly isFailure?: (error: unknown) => boolean;
}

interface Admission {
  readonly turn: number;
  readonly probe: Probe | undefined;
}

/**
 * A circuit breaker, after Michael Nygard, "Release It!" (2nd edition, 2018), whose state a whole fleet can share.
 *
 * - Closed: calls pass and are counted. Too many failures, or slow calls, open it.
 * - Open: calls reject at once with {@link BreakerOpenError} `HF_BREAKER_OPEN`, which says when to come back.
 * - Half-open: a bounded number of probes passes. Successes close it, one failure opens it for longer. A probe that
 *   outlives its lease rejects with {@link ProbeLeaseExpiredError} `HF_PROBE_LEASE_EXPIRED`.
 *
 * Guarantees with a store: the decision about a call is local and does no I/O; an instance whose own window trips opens
 * at once for itself, the fleet opens when the fleet's rate is over the threshold and `quorumInstances` see trouble;
 * every change of the fleet is one conditional write that raises `epoch`; over all instances no more than
 * `halfOpenProbes` probes run at once, as long as the store keeps its data; durations are measured on each instance's
 * monotonic clock, so that skewed wall clocks change nothing; errors of the store never reach a caller.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function circuitBreaker(
  name: string,
  options: CircuitBreakerOptions = {},
  deps: CircuitBreakerDeps = {},
): CircuitBreaker {
  const owner = `circuitBreaker "${name}"`;
  checkedName(owner, name);
  const settings = breakerSettings(owner, options);
  const { runtime = systemRuntime, store, onEvent, isFailure = () => true } = deps;
  const instanceId = deps.instanceId ?? runtime.uuid();
  checkedName(`${owner} instance`, instanceId);
  const window = slidingWindow(settings.windowMs, settings.buckets);
  let state = initialState(runtime.monotonic(), store !== undefined);
  const link: FleetLink | undefined =
    store &&
    fleetLink(
      store,
      {
        name,
        instanceId,
        settings,
        onEvent,
        state: () => state,
        feed: (input) => void feed(input),
        tally: () => window.tally(runtime.monotonic()),
      },
      runtime,
    );

  /** Steps the machine and carries out what it says; answers the decision about a call, if it was asked for one. */
  function feed(input: BreakerInput): Extract<BreakerEffect, { kind: 'admit' | 'refuse' }> | undefined {
    const next = step(state, input, settings);
    state = next.state;
    let decision: Extract<BreakerEffect, { kind: 'admit' | 'refuse' }> | undefined;
    for (const effect of next.effects) {
      if (effect.kind === 'admit' || effect.kind === 'refuse') decision = effect;
      else carryOut(effect);
    }
    return decision;
  }

  function carryOut(effect: Exclude<BreakerEffect, { kind: 'admit' | 'refuse' }>): void {
    switch (effect.kind) {
      case 'announce':
        announce(effect);
        break;
      case 'clear-window':
        window.clear();
        break;
      case 'release':
        link?.release(effect.permitId);
        break;
      case 'report':
        link?.report(effect);
        break;
      case 'sync-soon':
        link?.soon();
        break;
    }
  }

  function announce(effect: Extract<BreakerEffect, { kind: 'announce' }>): void {
    const { scope, from, to, reason, by = instanceId } = effect;
    const { epoch, turn } = state;
    notify(
      onEvent,
      {
        kind: 'transition',
        key: name,
        instanceId,
        scope,
        from,
        to,
        epoch,
        turn,
        reason,
        by,
        atMs: runtime.now(),
      },
      runtime,
    );
  }

  /** @throws BreakerOpenError */
  function admission(): Admission {
    const decision = feed({ kind: 'ask', nowMs: runtime.monotonic() });
    if (decision?.kind === 'admit') {
      link?.asked(false);
      if (decision.probe?.permit !== undefined) link?.probeStarted(decision.probe.permit.id);
      return decision;
    }
    if (decision === undefined)
      throw new Error(`circuit "${name}": the machine left a call without an answer`);
    const { retryAfterMs, reason, wantsPermit } = decision;
    link?.asked(wantsPermit);
    notify(
      onEvent,
      { kind: 'rejected', key: name, instanceId, reason, retryAfterMs, atMs: runtime.now() },
      runtime,
    );
    throw new BreakerOpenError(name, retryAfterMs, reason);
  }

  function settle(admitted: Admission, outcome: Outcome | 'ignored'): void {
    const nowMs = runtime.monotonic();
    if (outcome !== 'ignored' && admitted.probe === undefined && admitted.turn === state.turn) {
      window.record(outcome, nowMs);
      link?.counted(state.epoch, outcome);
    }
    const tally = window.tally(nowMs);
    const { turn, probe } = admitted;
    feed({ kind: 'settled', nowMs, turn, probe, outcome, tally, draw: runtime.random() });
  }

  function outcomeOf(error: unknown, call: Call, tookMs: number): Outcome | 'ignored' {
    if (isHoldfastError(error) && (error.code === 'HF_BULKHEAD_FULL' || error.code === 'HF_BREAKER_OPEN')) {
      return 'ignored';
    }
    if (call.signal.aborted && !ranOutOfTime(call.signal.reason)) return 'ignored';
    return isFailure(error) ? 'failure' : success(tookMs);
  }

  function success(tookMs: number): Outcome {
    return tookMs >= settings.slowCallMs ? 'slow' : 'success';
  }

  function run<T>(operation: Operation<T>, call: Call, probe: Probe | undefined): Promise<T> {
    if (probe === undefined) return operation(call);
    const leaseMs =
      probe.permit === undefined
        ? settings.probeLeaseMs
        : Math.max(0, probe.permit.expiresAtMs - runtime.monotonic());
    return bounded(operation, call, leaseMs, () => new ProbeLeaseExpiredError(name, leaseMs), runtime);
  }

  async function execute<T>(operation: Operation<T>, partial?: Partial<Call>): Promise<T> {
    const call = rootCall(partial);
    call.signal.throwIfAborted();
    const admitted = admission();
    const startedAtMs = runtime.monotonic();
    let value: T;
    try {
      value = await run(operation, call, admitted.probe);
    } catch (error) {
      settle(admitted, outcomeOf(error, call, runtime.monotonic() - startedAtMs));
      throw error;
    }
    settle(admitted, success(runtime.monotonic() - startedAtMs));
    return value;
  }

  function snapshot(): BreakerSnapshot {
    const nowMs = runtime.monotonic();
    const { phase, epoch, turn, scope } = state;
    const { calls, failures, slow } = window.tally(nowMs);
    const wallMs = runtime.now() - nowMs;
    const fleet = link?.tally();
    return {
      name,
      instanceId,
      state: phase.kind,
      epoch,
      turn,
      scope,
      calls,
      failures,
      slow,
      failureRatio: calls === 0 ? 0 : failures / calls,
      window: window.buckets(nowMs).map((bucket) => ({ ...bucket, startMs: wallMs + bucket.startMs })),
      reopensInMs: phase.kind === 'open' ? Math.max(0, phase.sinceMs + phase.forMs - nowMs) : 0,
      probesInFlight: phase.kind === 'half-open' ? phase.probing : 0,
      store: link?.health() ?? 'none',
      unknownCalls: link?.unknownCalls ?? 0,
      fleet: { instances: fleet?.instances ?? 0, calls: fleet?.calls ?? 0, failures: fleet?.failures ?? 0 },
    };
  }

  return {
    name: `circuit-breaker(${name})`,
    execute,
    snapshot,
    [Symbol.asyncDispose]: async () => link?.[Symbol.asyncDispose](),
  };
}

/** The caller's own deadline or timeout, as opposed to a caller that left. */
function ranOutOfTime(reason: unknown): boolean {
  return isHoldfastError(reason) && (reason.code === 'HF_DEADLINE_EXCEEDED' || reason.code === 'HF_TIMEOUT');
}
