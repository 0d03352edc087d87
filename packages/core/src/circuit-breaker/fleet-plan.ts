/** What one instance would change in the fleet's item: pure, so that it can be planned anew whenever a write is lost. */
import type { FleetPermit, FleetState } from './fleet-state.ts';

/** How one of this instance's probes went. */
export interface ProbeReport {
  readonly permitId: string;
  /** The epoch in which it was admitted. */
  readonly epoch: number;
  readonly ok: boolean;
}

/** All that one instance has to say to the fleet. Parts that do not fit the state found are without effect. */
export interface Wish {
  readonly instanceId: string;
  /** Marks the permits that it takes. */
  readonly session: string;
  /** Wall clock, for people. */
  readonly atMs: number;
  readonly halfOpenProbes: number;
  /** The epoch that the instance lives in. A new epoch exceeds it, also when the store has lost its item. */
  readonly epoch: number;
  /** Permits to give back: used up, or whose lease this instance has seen lapse. */
  readonly released: ReadonlySet<string>;
  readonly reports: readonly ProbeReport[];
  /** Open the closed fleet. */
  readonly open: { readonly reason: string } | undefined;
  /** The opening that would follow now, by trip or by failed probe. */
  readonly nextOpening: { readonly openings: number; readonly openForMs: number };
  /** The fleet's opening of {@link Wish.epoch} has elapsed for this instance. */
  readonly due: boolean;
  /** The instance has recovered by itself while the store was down. */
  readonly recoveredAlone: boolean;
  /** Ids for permits that it would take. */
  readonly wantedPermits: readonly string[];
  /** It may probe although the fleet is closed, being open by itself. */
  readonly probesAlone: boolean;
  readonly leaseMs: number;
  /** Permits of its own whose lease starts anew. */
  readonly renewed: ReadonlySet<string>;
  /** It gives up its unused permits because another instance wants them. */
  readonly yields: boolean;
}

/**
 * The item that `wish` makes of `fleet`, or `fleet` itself when nothing changes. At most one transition at a time.
 *
 * Laws: a change of `kind` raises `epoch`; no more than `halfOpenProbes` permits are held after a permit was taken;
 * applying the same wish twice is the same as applying it once, so that a write of unknown outcome may be repeated.
 */
export function plan(fleet: FleetState, wish: Wish): FleetState {
  const cleared = withoutReleased(fleet, wish);
  const judged = transition(cleared, wish);
  return withPermits(judged, wish);
}

function withoutReleased(fleet: FleetState, wish: Wish): FleetState {
  const reported = new Set(wish.reports.map((report) => report.permitId));
  const permits = fleet.permits.filter((permit) => !wish.released.has(permit.id) && !reported.has(permit.id));
  const kept = permits.some((permit) => wish.renewed.has(permit.id))
    ? permits.map((permit) => (wish.renewed.has(permit.id) ? { ...permit, beat: permit.beat + 1 } : permit))
    : permits;
  // A success counts once: while its permit is still there.
  const successes = wish.reports.filter(
    (report) =>
      report.ok &&
      report.epoch === fleet.epoch &&
      fleet.permits.some((permit) => permit.id === report.permitId),
  ).length;
  if (kept === permits && permits.length === fleet.permits.length && !(wish.yields && fleet.wanted))
    return fleet;
  return {
    ...fleet,
    permits: kept,
    wanted: fleet.wanted && !wish.yields,
    successes: fleet.kind === 'half-open' ? fleet.successes + successes : fleet.successes,
  };
}

function transition(fleet: FleetState, wish: Wish): FleetState {
  const probeFailed = wish.reports.some((report) => !report.ok && report.epoch === fleet.epoch);
  switch (fleet.kind) {
    case 'closed':
      return wish.open === undefined ? fleet : opened(fleet, wish, wish.open.reason);
    case 'open':
      if (wish.recoveredAlone && wish.epoch === fleet.epoch) return closed(fleet, wish, 'rejoined');
      return wish.due && wish.epoch === fleet.epoch
        ? moved(fleet, wish, { kind: 'half-open', successes: 0, reason: 'open-elapsed' })
        : fleet;
    case 'half-open':
      if (probeFailed) return opened(fleet, wish, 'probe-failed');
      if (fleet.successes >= wish.halfOpenProbes) return closed(fleet, wish, 'probes-succeeded');
      return wish.recoveredAlone && wish.epoch === fleet.epoch ? closed(fleet, wish, 'rejoined') : fleet;
  }
}

function withPermits(fleet: FleetState, wish: Wish): FleetState {
  if (wish.wantedPermits.length === 0) return fleet;
  if (fleet.kind === 'open' || (fleet.kind === 'closed' && !wish.probesAlone)) return fleet;
  const missing = wish.wantedPermits.filter((id) => fleet.permits.every((permit) => permit.id !== id));
  const free = Math.max(0, wish.halfOpenProbes - fleet.permits.length);
  const taken = missing
    .slice(0, free)
    .map((id): FleetPermit => ({ id, by: wish.session, leaseMs: wish.leaseMs, beat: 0 }));
  if (taken.length > 0) return { ...fleet, permits: [...fleet.permits, ...taken] };
  return missing.length === 0 || fleet.wanted ? fleet : { ...fleet, wanted: true };
}

function opened(fleet: FleetState, wish: Wish, reason: string): FleetState {
  return moved(fleet, wish, { kind: 'open', ...wish.nextOpening, reason });
}

function closed(fleet: FleetState, wish: Wish, reason: string): FleetState {
  return moved(fleet, wish, { kind: 'closed', successes: 0, reason });
}

function moved(fleet: FleetState, wish: Wish, change: Partial<FleetState>): FleetState {
  const epoch = Math.max(fleet.epoch, wish.epoch) + 1;
  return { ...fleet, ...change, epoch, wanted: false, by: wish.instanceId, atMs: wish.atMs };
}
