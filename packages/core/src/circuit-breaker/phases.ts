/** The moves that both halves of the machine make: into a phase, out of it, and what must be given back on the way. */
import type { BreakerSettings } from './options.ts';
import type {
  BreakerEffect,
  BreakerScope,
  BreakerState,
  BreakerStep,
  Phase,
  Probe,
  TransitionReason,
} from './state.ts';

export function move(
  state: BreakerState,
  phase: Phase,
  scope: BreakerScope,
  reason: TransitionReason,
): BreakerStep {
  const turn = state.turn + 1;
  return {
    state: { ...state, phase, scope, turn, epoch: state.shared ? state.epoch : turn },
    effects: [
      ...releasedPermits(state),
      { kind: 'announce', scope, from: state.phase.kind, to: phase.kind, reason, by: undefined },
    ],
  };
}

export function halfOpen(
  phase: Phase,
  nowMs: number,
  probing: number,
): Extract<Phase, { kind: 'half-open' }> {
  return { kind: 'half-open', sinceMs: nowMs, openings: phase.openings, permits: [], probing, successes: 0 };
}

export function closedFrom(openings: number, nowMs: number, settings: BreakerSettings): Phase {
  // The first call passes: it begins with a whole credit.
  const ramp = settings.slowStart.durationMs === 0 ? undefined : { startedAtMs: nowMs, credit: 1 };
  return { kind: 'closed', sinceMs: nowMs, openings, ramp };
}

export function released(probe: Probe | undefined): BreakerEffect[] {
  return probe?.permit === undefined ? [] : [{ kind: 'release', permitId: probe.permit.id }];
}

export function releasedPermits(state: BreakerState): BreakerEffect[] {
  if (state.phase.kind !== 'half-open') return [];
  return state.phase.permits.map((permit) => ({ kind: 'release', permitId: permit.id }));
}
