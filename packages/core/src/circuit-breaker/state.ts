/** What one instance's breaker knows, hears and says: the vocabulary of its machine. */
import type { RejectionReason } from './errors.ts';
import type { TripReason } from './rules.ts';
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

/** True once an open circuit may be probed. */
export function isDue(state: BreakerState, nowMs: number): boolean {
  return state.phase.kind === 'open' && nowMs >= state.phase.sinceMs + state.phase.forMs;
}
