/** How an instance follows its fleet: what the store says, permits that come and go, and who may admit probes. */
import type { BreakerSettings } from './options.ts';
import { closedFrom, halfOpen, move, releasedPermits } from './phases.ts';
import type {
  Authority,
  BreakerEffect,
  BreakerState,
  BreakerStep,
  FleetView,
  Permit,
  Phase,
} from './state.ts';
import { isDue } from './state.ts';

export function adopted(
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

export function granted(state: BreakerState, permits: readonly Permit[], nowMs: number): BreakerStep {
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

export function withoutPermits(state: BreakerState, lost: ReadonlySet<string>): BreakerStep {
  if (state.phase.kind !== 'half-open' || lost.size === 0) return { state, effects: [] };
  const permits = state.phase.permits.filter((permit) => !lost.has(permit.id));
  return { state: { ...state, phase: { ...state.phase, permits } }, effects: [] };
}

export function giveUpPermits(state: BreakerState): BreakerStep {
  if (state.phase.kind !== 'half-open') return { state, effects: [] };
  return { state: { ...state, phase: { ...state.phase, permits: [] } }, effects: releasedPermits(state) };
}

/** Under its own authority the instance answers for its phase itself. */
export function under(state: BreakerState, authority: Authority): BreakerStep {
  const alone = authority === 'self' && state.phase.kind !== 'closed';
  return { state: { ...state, authority, scope: alone ? 'instance' : state.scope }, effects: [] };
}
