/** Which permits this instance holds or has used up, and since when it has seen those of others. */

import type { ProbeReport } from './fleet-plan.ts';
import type { FleetPermit } from './fleet-state.ts';

export interface PermitBook {
  /** A probe runs with the permit. */
  started(permitId: string): void;
  release(permitId: string): void;
  report(report: ProbeReport): void;
  /**
   * Takes note of the permits that lie in the store, and answers those to take out: returned ones, ones of others
   * whose lease has lapsed, and ones of this session that nobody here knows, left by a write of unknown outcome.
   * `idle` are the permits that the machine holds unused.
   */
  review(permits: readonly FleetPermit[], idle: ReadonlySet<string>, nowMs: number): ReadonlySet<string>;
  readonly reports: readonly ProbeReport[];
  /** What was told is settled: `released` and `reports` as they went into the write. */
  settle(released: ReadonlySet<string>, reports: readonly ProbeReport[]): void;
  readonly hasNews: boolean;
}

/** `session` marks this instance's permits in the store; unlike an instance's name it is never used again. */
export function permitBook(session: string): PermitBook {
  const running = new Set<string>();
  const returned = new Set<string>();
  let reports: readonly ProbeReport[] = [];
  /** By id and beat; rebuilt from each read, hence bounded by the permits of the item. */
  let firstSeenAtMs = new Map<string, number>();

  return {
    started: (permitId) => void running.add(permitId),
    release(permitId) {
      running.delete(permitId);
      returned.add(permitId);
    },
    report(report) {
      running.delete(report.permitId);
      reports = [...reports, report];
    },
    review(permits, idle, nowMs) {
      const seen = new Map<string, number>();
      const out = new Set(returned);
      for (const permit of permits) {
        const sight = `${permit.id}#${permit.beat}`;
        const sinceMs = firstSeenAtMs.get(sight) ?? nowMs;
        seen.set(sight, sinceMs);
        const own = permit.by === session;
        const known =
          running.has(permit.id) ||
          idle.has(permit.id) ||
          reports.some((each) => each.permitId === permit.id);
        const lapsed = !own && nowMs - sinceMs >= permit.leaseMs;
        if (lapsed || (own && !known)) out.add(permit.id);
      }
      firstSeenAtMs = seen;
      return out;
    },
    get reports() {
      return reports;
    },
    settle(released, told) {
      for (const id of released) returned.delete(id);
      reports = reports.filter((report) => !told.includes(report));
    },
    get hasNews() {
      return returned.size > 0 || reports.length > 0;
    },
  };
}
