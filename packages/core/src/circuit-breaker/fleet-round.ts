/** One exchange with the store: publish what was counted, read what the fleet is, change it where that is due. */
import type { Runtime } from '../ports/runtime.ts';
import type { StateStore } from '../ports/state-store.ts';
import { StoreUnavailableError } from '../ports/state-store.ts';
import type { Wish } from './fleet-plan.ts';
import { plan } from './fleet-plan.ts';
import type { FleetState } from './fleet-state.ts';
import { fleetStateToJson, readFleetState, unwrittenFleet } from './fleet-state.ts';
import type { FleetTally } from './fleet-window.ts';
import { countFields, fleetWindow, presenceFields } from './fleet-window.ts';
import type { BreakerSettings } from './options.ts';
import type { PermitBook } from './permit-book.ts';
import { openForMs, openingsAfter, overThreshold, trips } from './rules.ts';
import type { BreakerInput, BreakerState, Permit } from './state.ts';
import { isDue } from './state.ts';
import type { CountsBatch, UnsentCounts } from './unsent-counts.ts';
import { callsIn } from './unsent-counts.ts';
import type { Tally } from './window.ts';

/** The instance on whose behalf a round runs. */
export interface FleetMember {
  readonly name: string;
  readonly instanceId: string;
  readonly session: string;
  readonly settings: BreakerSettings;
  state(): BreakerState;
  feed(input: BreakerInput): void;
  /** Of this instance's own window. */
  tally(): Tally;
  /** Permits that it could use: at least one while it is being asked at all. */
  demand(): number;
  /** Callers were refused for want of a permit. */
  isPressed(): boolean;
  granted(): void;
  /** The store has answered. */
  reached(): void;
  countsUnknown(calls: number): void;
}

export interface FleetRound {
  /** Rejects with what the store, or its time limit, said. */
  run(): Promise<void>;
  tally(): FleetTally;
}

/** Conditional writes tried in one round; a loser of all of them tries again in the next. */
const MAX_WRITES = 8;
/** Counts of an epoch stay readable for this long after the last call. */
const COUNTS_TTL_MS = 86_400_000;

export function fleetRound(
  store: StateStore,
  member: FleetMember,
  unsent: UnsentCounts,
  book: PermitBook,
  runtime: Runtime,
): FleetRound {
  const { name, settings, session } = member;
  const stateKey = `breaker/${name}/state`;
  const countsKey = (epoch: number): string => `breaker/${name}/counts/${epoch}`;
  const window = fleetWindow(settings.windowMs);
  let known: FleetState = unwrittenFleet;
  /** When the permits that are held unused were granted. */
  let grantedAtMs = 0;

  /** A store that never answers counts as one that is down. */
  function bounded<T>(key: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = `it did not answer within ${settings.storeTimeoutMs} ms`;
      const cancel = runtime.schedule(settings.storeTimeoutMs, () => {
        reject(new StoreUnavailableError(key, 'unknown', late));
      });
      Promise.resolve().then(work).then(resolve, reject).finally(cancel);
    });
  }

  async function publish(): Promise<void> {
    const { epoch, fleetKind, phase } = member.state();
    const batches = unsent.take(epoch);
    const fresh = batches.find((batch) => !batch.late);
    const failing = phase.kind !== 'closed' || overThreshold(member.tally(), settings) !== undefined;
    const presence = fleetKind === 'closed' ? presenceFields(member.instanceId, failing) : {};
    const own = { ...presence, ...(fresh && countFields(fresh.counts, false)) };
    const rest = batches.filter((batch) => batch.late);
    if (Object.keys(own).length > 0) {
      try {
        const totals = await send(epoch, own, fresh);
        window.observe(epoch, runtime.monotonic(), totals, own);
      } catch (error) {
        for (const batch of rest) unsent.giveBack(batch);
        throw error;
      }
    }
    while (rest.length > 0) {
      const batch = rest.shift();
      if (batch === undefined) break;
      try {
        await send(batch.epoch, countFields(batch.counts, true), batch);
      } catch (error) {
        for (const left of rest) unsent.giveBack(left);
        throw error;
      }
    }
  }

  /** Adds once. Counts of a write that may have happened are never sent again: said to be unknown, not doubled. */
  async function send(
    epoch: number,
    fields: Readonly<Record<string, number>>,
    batch: CountsBatch | undefined,
  ): Promise<Readonly<Record<string, number>>> {
    const key = countsKey(epoch);
    try {
      return await bounded(key, () => store.add(key, fields, { ttlMs: COUNTS_TTL_MS }));
    } catch (error) {
      if (batch !== undefined) {
        if (error instanceof StoreUnavailableError && error.outcome === 'not-applied') unsent.giveBack(batch);
        else member.countsUnknown(callsIn(batch.counts));
      }
      throw error;
    }
  }

  async function decide(): Promise<void> {
    let read = await bounded(stateKey, () => store.get(stateKey));
    member.reached();
    const ids = Array.from({ length: settings.halfOpenProbes }, () => runtime.uuid());
    for (let write = 0; write < MAX_WRITES; write += 1) {
      const stored = read === undefined ? unwrittenFleet : readFleetState(stateKey, read.value);
      // A store that lost its item knows less than this instance: epochs only grow.
      const fleet = stored.epoch >= known.epoch ? stored : { ...known, permits: stored.permits };
      const nowMs = runtime.monotonic();
      forgetLost(fleet);
      const wish = wishFor(fleet, ids, nowMs);
      const next = plan(fleet, wish);
      if (next === fleet) {
        book.settle(wish.released, wish.reports);
        adopt(fleet);
        return;
      }
      const expected = read?.version ?? 'absent';
      const result = await bounded(stateKey, () =>
        store.compareAndSet(stateKey, expected, fleetStateToJson(next)),
      );
      if (result.ok) {
        book.settle(wish.released, wish.reports);
        adopt(next);
        take(next, wish, nowMs);
        return;
      }
      read = result.current;
    }
  }

  function adopt(fleet: FleetState): void {
    const before = member.state();
    known = fleet;
    member.feed({ kind: 'adopted', nowMs: runtime.monotonic(), fleet });
    const after = member.state();
    if (before.fleetKind !== 'closed' && after.fleetKind === 'closed')
      window.begin(after.epoch, runtime.monotonic());
  }

  /** The lease runs from before the write, so that this instance's ends before anybody sees it lapse. */
  function take(fleet: FleetState, wish: Wish, sinceMs: number): void {
    const permits = fleet.permits
      .filter((permit) => wish.wantedPermits.includes(permit.id) || wish.renewed.has(permit.id))
      .map((permit): Permit => ({ id: permit.id, expiresAtMs: sinceMs + permit.leaseMs }));
    if (permits.length === 0) return;
    if (permits.some((permit) => !wish.renewed.has(permit.id))) {
      grantedAtMs = sinceMs;
      member.granted();
    }
    // A renewed permit may have been used meanwhile; then its probe keeps to the lease with which it began.
    const idle = idlePermits();
    member.feed({
      kind: 'granted',
      nowMs: runtime.monotonic(),
      permits: permits.filter((permit) => !wish.renewed.has(permit.id) || idle.has(permit.id)),
    });
  }

  function wishFor(fleet: FleetState, ids: readonly string[], nowMs: number): Wish {
    const unusedFor = nowMs - grantedAtMs;
    const yields =
      fleet.wanted && !member.isPressed() && idlePermits().size > 0 && unusedFor >= settings.syncIntervalMs;
    if (yields) member.feed({ kind: 'yield' });
    const state = member.state();
    const { phase } = state;
    const same = fleet.epoch === state.epoch;
    const tally = window.tally();
    const quorum = tally.failing >= settings.quorumInstances;
    const reason = same && quorum ? trips(tally, settings) : undefined;
    const openings = phase.kind === 'closed' ? openingsAfter(phase, nowMs, settings) : phase.openings;
    const wants = member.demand() > 0;
    const due = isDue(state, nowMs);
    const missing = Math.min(settings.halfOpenProbes, member.demand()) - idlePermits().size;
    const probing = phase.kind === 'half-open' || due;
    return {
      instanceId: member.instanceId,
      session,
      atMs: runtime.now(),
      halfOpenProbes: settings.halfOpenProbes,
      epoch: state.epoch,
      released: book.review(fleet.permits, idlePermits(), nowMs),
      reports: book.reports,
      open: reason === undefined ? undefined : { reason },
      nextOpening: {
        openings: Math.max(1, openings),
        openForMs: openForMs(Math.max(1, openings), runtime.random(), settings),
      },
      due: due && wants && state.scope === 'fleet',
      recoveredAlone: phase.kind === 'closed' && same && fleet.kind !== 'closed',
      wantedPermits: wants && probing ? ids.slice(0, Math.max(0, missing)) : [],
      probesAlone: state.scope === 'instance' && probing,
      leaseMs: settings.probeLeaseMs,
      renewed: aging(state, nowMs),
      yields,
    };
  }

  /** A lease that lapsed while the store was out of reach may have been ended by others. */
  function forgetLost(fleet: FleetState): void {
    const listed = new Set(fleet.permits.map((permit) => permit.id));
    const lost = new Set([...idlePermits()].filter((id) => !listed.has(id)));
    member.feed({ kind: 'lost', permitIds: lost });
  }

  function aging(state: BreakerState, nowMs: number): ReadonlySet<string> {
    if (state.phase.kind !== 'half-open') return new Set();
    const soonMs = nowMs + settings.probeLeaseMs * 0.75;
    return new Set(
      state.phase.permits.filter((permit) => permit.expiresAtMs < soonMs).map((permit) => permit.id),
    );
  }

  function idlePermits(): ReadonlySet<string> {
    const { phase } = member.state();
    return new Set(phase.kind === 'half-open' ? phase.permits.map((permit) => permit.id) : []);
  }

  return {
    async run() {
      await publish();
      await decide();
    },
    tally: () => window.tally(),
  };
}
