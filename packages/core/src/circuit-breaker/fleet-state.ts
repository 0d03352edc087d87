/** The one item that a fleet of breakers agrees through, as it lies in the store. */
import { HoldfastError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { BreakerKind } from './state.ts';

/** A place among the fleet's probes. `beat` grows when its holder renews it, which starts the lease anew. */
export interface FleetPermit {
  readonly id: string;
  readonly by: string;
  readonly leaseMs: number;
  readonly beat: number;
}

/** Law: `epoch` grows by at least one with every change of `kind`. */
export interface FleetState {
  readonly kind: BreakerKind;
  readonly epoch: number;
  /** Openings in a row. */
  readonly openings: number;
  /** How long to refuse, counted by each instance from when it hears of the opening. */
  readonly openForMs: number;
  /** Probes that succeeded in this half-open phase. */
  readonly successes: number;
  /** Probes taken and not given back, of any phase: also one that began before the last transition still runs. */
  readonly permits: readonly FleetPermit[];
  /** An instance with calls found all permits taken; holders of unused ones should give them up. */
  readonly wanted: boolean;
  /** The instance that made the last transition, why, and when by its wall clock. For people; nothing is computed from it. */
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

/** What an absent item means. */
export const unwrittenFleet: FleetState = Object.freeze({
  kind: 'closed',
  epoch: 0,
  openings: 0,
  openForMs: 0,
  successes: 0,
  permits: [],
  wanted: false,
  by: '',
  reason: '',
  atMs: 0,
});

/** `HF_BREAKER_STATE_UNREADABLE`: the item in the store was not written by a breaker of this version. Counts as store down. */
export class FleetStateUnreadableError extends HoldfastError {
  readonly code = 'HF_BREAKER_STATE_UNREADABLE';
  readonly retryable = false;
  readonly key: string;

  constructor(key: string) {
    super(
      `state key "${key}" holds something that is no breaker state; delete the key, or name the breaker differently`,
    );
    this.key = key;
  }
}

/** @throws FleetStateUnreadableError `HF_BREAKER_STATE_UNREADABLE`. */
export function readFleetState(key: string, value: JsonValue): FleetState {
  const item: Readonly<Record<string, unknown>> = isObject(value) ? value : {};
  const { kind, epoch, openings, openForMs, successes, permits, wanted, by, reason, atMs } = item;
  if (
    (kind === 'closed' || kind === 'open' || kind === 'half-open') &&
    isCount(epoch) &&
    isCount(openings) &&
    isDuration(openForMs) &&
    isCount(successes) &&
    Array.isArray(permits) &&
    permits.every(isPermit) &&
    typeof wanted === 'boolean' &&
    typeof by === 'string' &&
    typeof reason === 'string' &&
    typeof atMs === 'number'
  ) {
    return { kind, epoch, openings, openForMs, successes, permits, wanted, by, reason, atMs };
  }
  throw new FleetStateUnreadableError(key);
}

export function fleetStateToJson(fleet: FleetState): JsonValue {
  return { ...fleet, permits: fleet.permits.map((permit) => ({ ...permit })) };
}

function isPermit(value: unknown): value is FleetPermit {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['by'] === 'string' &&
    isDuration(value['leaseMs']) &&
    isCount(value['beat'])
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
