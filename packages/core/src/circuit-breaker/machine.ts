/**
 * The breaker of one instance as a pure function: what it knows and what happened → what it then knows and must do.
 * It decides on the call path by itself; what the fleet agreed on reaches it as an input like any other.
 */
import type { RejectionReason } from './errors.ts';
import type { BreakerSettings } from './options.ts';
import type { TripReason } from './rules.ts';
import { openForMs, openingsAfter, trips } from './rules.ts';
import type { Outcome, Tally } from './window.ts';

export type BreakerKind = 'closed' | 'open' | 'half-open';

/** Who decided the present phase: all instances together through the store, or this one alone. */
export type BreakerScope = 'fleet' | 'instance';

/** Who may admit probes. `self`: no store, or down in mode `local`. `nobody`: down in mode `closed-to-probes`. */
export type Authority = 'self' | 'store' | 'nobody';

/** The right to run one probe, taken from the store. Unusable from `expiresAtMs` (monotonic) on. */
export interface Permit {
  readonly id: string;
  readonly expiresAtMs: number;
}

/** `openings`: how often in a row the circuit opened, the exponent of the next opening's length. */
export type Phase =
  | {
      readonly kind: 'closed';
      readonly sinceMs: number;
      readonly openings: number;
      readonly ramp: Ramp | undefined;
    }
  | { readonly kind: 'open'; readonly sinceMs: number; readonly openings: number; readonly forMs: number }
  | {
      readonly kind: 'half-open';
      readonly sinceMs: number;
      readonly openings: number;
      /** Taken, not used yet. */
      readonly permits: readonly Permit[];
      /** Probes of this instance under way. */
      readonly probing: number;
      readonly successes: number;
    };

/** Slow start: each call earns the share admitted at its moment, and passes when a whole one is saved up. */
export interface Ramp {
  readonly startedAtMs: number;
  readonly credit: number;
}

/**
 * Laws: `turn` and `epoch` never decrease; `turn` grows with every change of phase, and results that carry another
 * turn change nothing. `epoch` is the fleet's, from the store; without a store it moves with `turn`.
 */
export interface BreakerState {
  readonly phase: Phase;
  readonly scope: BreakerScope;
  readonly turn: number;
  readonly epoch: number;
  /** What the fleet was when last heard of. */
  readonly fleetKind: BreakerKind;
  readonly authority: Authority;
  /** Whether there is a store at all. Without one, this instance is its own fleet and its turns are the epochs. */
  readonly shared: boolean;
}

/** What the store says about the fleet. */
export interface FleetView {
  readonly kind: BreakerKind;
  readonly epoch: number;
  readonly openings: number;
  readonly openForMs: number;
  readonly successes: number;
  readonly by: string;
  readonly reason: string;
}

export type BreakerInput =
  | { readonly kind: 'ask'; readonly nowMs: number }
  | {
      readonly kind: 'settled';
      readonly nowMs: number;
      readonly turn: number;
      readonly probe: Probe | undefined;
      /** `ignored`: it says nothing about the dependency. */
      readonly outcome: Outcome | 'ignored';
      readonly tally: Tally;
      /** Uniform in [0, 1), for the jitter of an opening. */
      readonly draw: number;
    }
  | { readonly kind: 'adopted'; readonly nowMs: number; readonly fleet: FleetView }
  | { readonly kind: 'granted'; readonly nowMs: number; readonly permits: readonly Permit[] }
  /** The store no longer knows these permits. */
  | { readonly kind: 'lost'; readonly permitIds: ReadonlySet<string> }
  /** Another instance waits for a permit: give up those not in use. */
  | { readonly kind: 'yield' }
  | { readonly kind: 'authority'; readonly authority: Authority };

/** An admitted probe: with a permit of the store, or without one on this instance's own authority. */
export interface Probe {
  readonly permit: Permit | undefined;
}

export type TransitionReason = TripReason | 'open-elapsed' | 'probe-failed' | 'probes-succeeded' | 'rejoined';

export type BreakerEffect =
  | { readonly kind: 'admit'; readonly turn: number; readonly probe: Probe | undefined }
  | {
      readonly kind: 'refuse';
      readonly retryAfterMs: number;
      readonly reason: RejectionReason;
      readonly wantsPermit: boolean;
    }
  | {
      readonly kind: 'announce';
      readonly scope: BreakerScope;
      readonly from: BreakerKind;
      readonly to: BreakerKind;
      readonly reason: string;
      /** The instance that decided; `undefined` for this one. */
      readonly by: string | undefined;
    }
  | { readonly kind: 'clear-window' }
  /** Give the permit back to the store. */
  | { readonly kind: 'release'; readonly permitId: string }
  /** Tell the fleet how its probe went. */
  | { readonly kind: 'report'; readonly permitId: string; readonly epoch: number; readonly ok: boolean }
  /** The fleet should hear of this before the next regular sync. */
  | { readonly kind: 'sync-soon' };

export interface BreakerStep {
  readonly state: BreakerState;
  readonly effects: readonly BreakerEffect[];
}

export function initialState(nowMs: number, shared: boolean): BreakerState {
  return {
    phase: { kind: 'closed', sinceMs: nowMs, openings: 0, ramp: undefined },
    scope: shared ? 'fleet' : 'instance',
    turn: 0,
    epoch: 0,
    fleetKind: 'closed',
    authority: shared ? 'store' : 'self',
    shared,
  };
}

/** Pure transition of one instance's breaker. */
export function step(state: BreakerState, input: BreakerInput, settings: BreakerSettings): BreakerStep {
  switch (input.kind) {
    case 'ask':
      return ask(state, input.nowMs, settings);
    case 'settled':
      return settled(state, input, settings);
    case 'adopted':
      return adopted(state, input.fleet, input.nowMs, settings);
    case 'granted':
      return granted(state, input.permits, input.nowMs);
    case 'lost':
      return withoutPermits(state, input.permitIds);
    case 'yield':
      return giveUpPermits(state);
    case 'authority':
      return under(state, input.authority);
  }
}

/** True once an open circuit may be probed. */
export function isDue(state: BreakerState, nowMs: number): boolean {
  return state.phase.kind === 'open' && nowMs >= state.phase.sinceMs + state.phase.forMs;
}

function ask(state: BreakerState, nowMs: number, settings: BreakerSettings): BreakerStep {
  const { phase } = state;
  switch (phase.kind) {
    case 'closed':
      return phase.ramp === undefined
        ? admit(state, undefined)
        : askRamping(state, phase, phase.ramp, nowMs, settings);
    case 'open': {
      const restMs = phase.sinceMs + phase.forMs - nowMs;
      if (restMs > 0) return refuse(state, restMs, 'open');
      if (state.authority !== 'self') return refuse(state, settings.syncIntervalMs / 10, 'open', true);
      const probing = move(state, halfOpen(phase, nowMs, 1), 'instance', 'open-elapsed');
      return {
        state: probing.state,
        effects: [...probing.effects, ...admit(probing.state, { permit: undefined }).effects],
      };
    }
    case 'half-open':
      return askProbing(state, phase, nowMs, settings);
  }
}

function askRamping(
  state: BreakerState,
  phase: Extract<Phase, { kind: 'closed' }>,
  ramp: Ramp,
  nowMs: number,
  settings: BreakerSettings,
): BreakerStep {
  const { durationMs, initialRatio } = settings.slowStart;
  const elapsedMs = nowMs - ramp.startedAtMs;
  if (elapsedMs >= durationMs) return admit({ ...state, phase: { ...phase, ramp: undefined } }, undefined);
  const credit = ramp.credit + initialRatio + (1 - initialRatio) * (elapsedMs / durationMs);
  const passes = credit >= 1;
  const next = { ...state, phase: { ...phase, ramp: { ...ramp, credit: passes ? credit - 1 : credit } } };
  return passes ? admit(next, undefined) : refuse(next, Math.min(100, durationMs - elapsedMs), 'recovering');
}

function askProbing(
  state: BreakerState,
  phase: Extract<Phase, { kind: 'half-open' }>,
  nowMs: number,
  settings: BreakerSettings,
): BreakerStep {
  // A probe needs time: what is left of a nearly spent lease would condemn a healthy dependency.
  const permit = phase.permits.find((each) => each.expiresAtMs - nowMs >= settings.probeLeaseMs / 2);
  const ownRight = state.authority === 'self' && phase.probing < settings.halfOpenProbes;
  if (permit === undefined && !ownRight)
    return refuse(state, settings.syncIntervalMs / 10, 'probing', state.authority === 'store');
  const permits = phase.permits.filter((each) => each !== permit);
  return admit({ ...state, phase: { ...phase, permits, probing: phase.probing + 1 } }, { permit });
}

function settled(
  state: BreakerState,
  input: Extract<BreakerInput, { kind: 'settled' }>,
  settings: BreakerSettings,
): BreakerStep {
  const { phase } = state;
  if (input.turn !== state.turn) return { state, effects: released(input.probe) };
  if (phase.kind === 'closed') {
    const reason = trips(input.tally, settings);
    if (reason === undefined || input.outcome === 'ignored') return { state, effects: [] };
    return openAlone(state, openingsAfter(phase, input.nowMs, settings), input, reason, settings);
  }
  if (phase.kind !== 'half-open' || input.probe === undefined) return { state, effects: [] };
  const over: BreakerState = { ...state, phase: { ...phase, probing: phase.probing - 1 } };
  switch (input.outcome) {
    case 'ignored':
      return { state: over, effects: released(input.probe) };
    case 'success':
      return probeSucceeded(over, input.probe, input.nowMs, settings);
    case 'failure':
    case 'slow': {
      const opened = openAlone(over, phase.openings + 1, input, 'probe-failed', settings);
      return { ...opened, effects: [...opened.effects, ...verdict(state, input.probe, false)] };
    }
  }
}

function probeSucceeded(
  state: BreakerState,
  probe: Probe,
  nowMs: number,
  settings: BreakerSettings,
): BreakerStep {
  const { phase } = state;
  if (phase.kind !== 'half-open') return { state, effects: [] };
  const successes = phase.successes + 1;
  const counted: BreakerState = { ...state, phase: { ...phase, successes } };
  // In the fleet's half-open phase the fleet counts, and closes by conditional write.
  if (state.scope === 'fleet') return { state: counted, effects: verdict(state, probe, true) };
  if (successes < settings.halfOpenProbes) return { state: counted, effects: released(probe) };
  const closed = move(counted, closedFrom(phase.openings, nowMs, settings), 'instance', 'probes-succeeded');
  return {
    state: closed.state,
    effects: [...closed.effects, { kind: 'clear-window' }, ...released(probe), { kind: 'sync-soon' }],
  };
}

/** Opens for this instance at once; whether the fleet follows is decided through the store. */
function openAlone(
  state: BreakerState,
  openings: number,
  input: { readonly nowMs: number; readonly draw: number },
  reason: TransitionReason,
  settings: BreakerSettings,
): BreakerStep {
  const forMs = openForMs(openings, input.draw, settings);
  const opened = move(state, { kind: 'open', sinceMs: input.nowMs, openings, forMs }, 'instance', reason);
  return { ...opened, effects: [...opened.effects, { kind: 'sync-soon' }] };
}

function adopted(
  state: BreakerState,
  fleet: FleetView,
  nowMs: number,
  settings: BreakerSettings,
): BreakerStep {
  if (fleet.epoch < state.epoch) return { state, effects: [] };
  if (fleet.epoch === state.epoch) return rejoined(state, fleet, nowMs, settings);
  if (fleet.kind === 'closed' && state.fleetKind === 'closed') {
    return { state: { ...state, epoch: fleet.epoch }, effects: [] };
  }
  return follow(state, fleet, nowMs, settings);
}

/** Hears again what it knew. Only an instance that went its own way while the fleet was not closed comes back to it. */
function rejoined(
  state: BreakerState,
  fleet: FleetView,
  nowMs: number,
  settings: BreakerSettings,
): BreakerStep {
  const { phase } = state;
  if (phase.kind === 'half-open' && state.scope === 'fleet' && fleet.kind === 'half-open') {
    return { state: { ...state, phase: { ...phase, successes: fleet.successes } }, effects: [] };
  }
  const strayed = state.scope === 'instance' && phase.kind !== 'closed' && fleet.kind !== 'closed';
  return strayed && state.authority === 'store'
    ? follow(state, fleet, nowMs, settings)
    : { state, effects: [] };
}

function follow(
  state: BreakerState,
  fleet: FleetView,
  nowMs: number,
  settings: BreakerSettings,
): BreakerStep {
  const phase = phaseOf(fleet, nowMs, settings);
  const effects: BreakerEffect[] = [...releasedPermits(state)];
  if (phase.kind === 'closed') effects.push({ kind: 'clear-window' });
  if (fleet.kind !== state.fleetKind) {
    effects.push({
      kind: 'announce',
      scope: 'fleet',
      from: state.fleetKind,
      to: fleet.kind,
      reason: fleet.reason,
      by: fleet.by,
    });
  }
  return {
    state: {
      ...state,
      phase,
      scope: 'fleet',
      turn: state.turn + 1,
      epoch: fleet.epoch,
      fleetKind: fleet.kind,
    },
    effects,
  };
}

/** Times run from the moment at which this instance heard of it, on its own monotonic clock. */
function phaseOf(fleet: FleetView, nowMs: number, settings: BreakerSettings): Phase {
  const { openings } = fleet;
  switch (fleet.kind) {
    case 'closed':
      return closedFrom(openings, nowMs, settings);
    case 'open':
      return { kind: 'open', sinceMs: nowMs, openings, forMs: fleet.openForMs };
    case 'half-open':
      return {
        kind: 'half-open',
        sinceMs: nowMs,
        openings,
        permits: [],
        probing: 0,
        successes: fleet.successes,
      };
  }
}

function granted(state: BreakerState, permits: readonly Permit[], nowMs: number): BreakerStep {
  const { phase } = state;
  if (permits.length === 0) return { state, effects: [] };
  if (phase.kind === 'half-open') {
    const others = phase.permits.filter((held) => permits.every((permit) => permit.id !== held.id));
    return { state: { ...state, phase: { ...phase, permits: [...others, ...permits] } }, effects: [] };
  }
  if (phase.kind !== 'open' || state.scope !== 'instance' || !isDue(state, nowMs)) {
    return { state, effects: permits.map((permit) => ({ kind: 'release', permitId: permit.id })) };
  }
  return move(state, { ...halfOpen(phase, nowMs, 0), permits }, 'instance', 'open-elapsed');
}

function withoutPermits(state: BreakerState, lost: ReadonlySet<string>): BreakerStep {
  if (state.phase.kind !== 'half-open' || lost.size === 0) return { state, effects: [] };
  const permits = state.phase.permits.filter((permit) => !lost.has(permit.id));
  return { state: { ...state, phase: { ...state.phase, permits } }, effects: [] };
}

function giveUpPermits(state: BreakerState): BreakerStep {
  if (state.phase.kind !== 'half-open') return { state, effects: [] };
  return { state: { ...state, phase: { ...state.phase, permits: [] } }, effects: releasedPermits(state) };
}

/** Under its own authority the instance answers for its phase itself. */
function under(state: BreakerState, authority: Authority): BreakerStep {
  const alone = authority === 'self' && state.phase.kind !== 'closed';
  return { state: { ...state, authority, scope: alone ? 'instance' : state.scope }, effects: [] };
}

function move(state: BreakerState, phase: Phase, scope: BreakerScope, reason: TransitionReason): BreakerStep {
  const turn = state.turn + 1;
  return {
    state: { ...state, phase, scope, turn, epoch: state.shared ? state.epoch : turn },
    effects: [
      ...releasedPermits(state),
      { kind: 'announce', scope, from: state.phase.kind, to: phase.kind, reason, by: undefined },
    ],
  };
}

function admit(state: BreakerState, probe: Probe | undefined): BreakerStep {
  return { state, effects: [{ kind: 'admit', turn: state.turn, probe }] };
}

function refuse(
  state: BreakerState,
  retryAfterMs: number,
  reason: RejectionReason,
  wantsPermit = false,
): BreakerStep {
  return { state, effects: [{ kind: 'refuse', retryAfterMs, reason, wantsPermit }] };
}

function halfOpen(phase: Phase, nowMs: number, probing: number): Extract<Phase, { kind: 'half-open' }> {
  return { kind: 'half-open', sinceMs: nowMs, openings: phase.openings, permits: [], probing, successes: 0 };
}

function closedFrom(openings: number, nowMs: number, settings: BreakerSettings): Phase {
  // The first call passes: it begins with a whole credit.
  const ramp = settings.slowStart.durationMs === 0 ? undefined : { startedAtMs: nowMs, credit: 1 };
  return { kind: 'closed', sinceMs: nowMs, openings, ramp };
}

function verdict(state: BreakerState, probe: Probe, ok: boolean): BreakerEffect[] {
  if (probe.permit === undefined) return [];
  if (state.scope === 'instance') return released(probe);
  return [{ kind: 'report', permitId: probe.permit.id, epoch: state.epoch, ok }, { kind: 'sync-soon' }];
}

function released(probe: Probe | undefined): BreakerEffect[] {
  return probe?.permit === undefined ? [] : [{ kind: 'release', permitId: probe.permit.id }];
}

function releasedPermits(state: BreakerState): BreakerEffect[] {
  if (state.phase.kind !== 'half-open') return [];
  return state.phase.permits.map((permit) => ({ kind: 'release', permitId: permit.id }));
}
