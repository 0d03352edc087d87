/** The breakers of all workers, gathered by dependency, the worst first to be seen. Pure. */
import type { BreakerTransition, BreakerView } from '../contract.ts';
import { plural } from '../kit/format.model.ts';

export interface DependencyView {
  readonly dependency: string;
  /** The worst of its workers' states. */
  readonly state: BreakerView['state'];
  /** "1 of 2": how many workers are in that state, when they do not all agree. */
  readonly agreement: string;
  readonly calls: number;
  readonly failureRatio: number;
  readonly thresholdRatio: number;
  /** The workers' windows added up, oldest first. */
  readonly window: BreakerView['window'];
  /** Until the first probe, while open. */
  readonly reopensInMs: number;
  readonly storeDown: boolean;
  readonly workers: readonly BreakerView[];
}

const SEVERITY: Readonly<Record<BreakerView['state'], number>> = { closed: 0, 'half-open': 1, open: 2 };

/** In the order in which the shop names the dependencies: rows never change places. */
export function dependenciesOf(breakers: readonly BreakerView[]): readonly DependencyView[] {
  return [...Map.groupBy(breakers, ({ dependency }) => dependency)].map(([dependency, workers]) =>
    gathered(dependency, workers),
  );
}

function gathered(dependency: string, workers: readonly BreakerView[]): DependencyView {
  const worst = workers.reduce<BreakerView['state']>(
    (state, each) => (SEVERITY[each.state] > SEVERITY[state] ? each.state : state),
    'closed',
  );
  const inWorst = workers.filter(({ state }) => state === worst);
  const sum = (of: (breaker: BreakerView) => number): number =>
    workers.reduce((total, breaker) => total + of(breaker), 0);
  const calls = sum((breaker) => breaker.calls);
  return {
    dependency,
    state: worst,
    agreement: inWorst.length === workers.length ? '' : `${inWorst.length} of ${workers.length}`,
    calls,
    failureRatio: calls === 0 ? 0 : sum((breaker) => breaker.failures) / calls,
    thresholdRatio: Math.min(...workers.map((breaker) => breaker.thresholdRatio)),
    window: addedUp(workers),
    reopensInMs: worst === 'open' ? Math.min(...inWorst.map((breaker) => breaker.reopensInMs)) : 0,
    storeDown: workers.some(({ store }) => store === 'down'),
    workers,
  };
}

function addedUp(workers: readonly BreakerView[]): BreakerView['window'] {
  const length = Math.max(0, ...workers.map(({ window }) => window.length));
  return Array.from({ length }, (_, index) => {
    const total = { successes: 0, failures: 0, slow: 0 };
    for (const { window } of workers) {
      // Aligned at the newest bucket, should the rings differ in length.
      const bucket = window[window.length - length + index];
      total.successes += bucket?.successes ?? 0;
      total.failures += bucket?.failures ?? 0;
      total.slow += bucket?.slow ?? 0;
    }
    return total;
  });
}

export interface Bar {
  readonly successes: number;
  readonly slow: number;
  readonly failures: number;
}

/** Heights 0..1 of each bucket's parts, scaled to the fullest bucket and never to less than `floor` calls. */
export function barsOf(window: BreakerView['window'], floor: number = 4): readonly Bar[] {
  const fullest = Math.max(
    floor,
    ...window.map(({ successes, failures, slow }) => successes + failures + slow),
  );
  return window.map(({ successes, failures, slow }) => ({
    successes: successes / fullest,
    slow: slow / fullest,
    failures: failures / fullest,
  }));
}

/** What comes next for a circuit that is not closed. */
export function outlook({ state, reopensInMs }: Pick<DependencyView, 'state' | 'reopensInMs'>): string {
  switch (state) {
    case 'closed':
      return '';
    case 'half-open':
      return 'probing';
    case 'open':
      return reopensInMs > 0 ? `probe in ${Math.ceil(reopensInMs / 1_000)} s` : 'probe is due';
  }
}

/** One worker's own view, in words. */
export function workerWords(view: BreakerView): string {
  return [
    plural(view.calls, 'call'),
    `${view.failures} failed`,
    `${view.slow} slow`,
    view.scope === 'fleet' ? 'decided by the fleet' : 'decided by this worker alone',
    `epoch ${view.epoch}`,
    ...(view.state === 'open' ? [outlook(view)] : []),
    ...(view.probesInFlight > 0 ? [plural(view.probesInFlight, 'probe under way', 'probes under way')] : []),
    ...(view.store === 'down' ? ['its store is down'] : []),
  ].join(' · ');
}

/** The latest first, the same change seen by several workers once. */
export function recentTransitions(
  transitions: readonly BreakerTransition[],
  limit: number,
): readonly (BreakerTransition & { readonly workers: number })[] {
  const groups = Map.groupBy(
    transitions,
    ({ dependency, from, to, epoch }) => `${dependency} ${from} ${to} ${epoch}`,
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group.toSorted((a, b) => a.atMs - b.atMs);
      return first === undefined ? [] : [{ ...first, workers: group.length }];
    })
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, limit);
}
