/**
 * The breaker of one instance as a pure function: what it knows and what happened → what it then knows and must do.
 * It decides on the call path by itself; what the fleet agreed on reaches it as an input like any other.
 */
import type { RejectionReason } from './errors.ts';
import { adopted, giveUpPermits, granted, under, withoutPermits } from './following.ts';
import type { BreakerSettings } from './options.ts';
import { closedFrom, halfOpen, move, released } from './phases.ts';
import { openForMs, openingsAfter, trips } from './rules.ts';
import type {
  BreakerEffect,
  BreakerInput,
  BreakerState,
  BreakerStep,
  Phase,
  Probe,
  Ramp,
  TransitionReason,
} from './state.ts';

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

function verdict(state: BreakerState, probe: Probe, ok: boolean): BreakerEffect[] {
  if (probe.permit === undefined) return [];
  if (state.scope === 'instance') return released(probe);
  return [{ kind: 'report', permitId: probe.permit.id, epoch: state.epoch, ok }, { kind: 'sync-soon' }];
}
