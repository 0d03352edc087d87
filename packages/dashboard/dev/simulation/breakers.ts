/** Breakers of the fake shop: one a worker and dependency, driven by the chaos in force, a second at a time. */
import type { BreakerTransition, BreakerView, ChaosSettings } from '../../src/contract.ts';
import { SERVICES, WORKERS } from './catalogue.ts';
import { between, type Random } from './random.ts';

const BUCKETS = 10;
const THRESHOLD_RATIO = 0.5;
const OPEN_MS = 3_000;
const MAX_TRANSITIONS = 50;

interface Cell extends BreakerView {
  readonly openings: number;
}

export interface Breakers {
  readonly views: readonly BreakerView[];
  readonly transitions: readonly BreakerTransition[];
  /** One second of traffic of `callsPerSecond` calls to each dependency. */
  second(chaos: ReadonlyMap<string, ChaosSettings>, callsPerSecond: number, nowMs: number): void;
}

export function fakeBreakers(random: Random): Breakers {
  const transitions: BreakerTransition[] = [];
  let cells: readonly Cell[] = SERVICES.flatMap(({ name, tier }) =>
    WORKERS.map(
      (worker): Cell => ({
        ...{
          dependency: name,
          tier,
          worker,
          state: 'closed',
          scope: 'fleet',
          epoch: 1,
          calls: 0,
          failures: 0,
          slow: 0,
        },
        ...{
          failureRatio: 0,
          thresholdRatio: THRESHOLD_RATIO,
          reopensInMs: 0,
          probesInFlight: 0,
          store: 'ok',
          openings: 0,
        },
        window: Array.from({ length: BUCKETS }, () => ({ successes: 0, failures: 0, slow: 0 })),
      }),
    ),
  );
  return {
    get views(): readonly BreakerView[] {
      return cells.map(({ openings: _openings, ...view }) => view);
    },
    get transitions(): readonly BreakerTransition[] {
      return transitions;
    },
    second: (chaos, callsPerSecond, nowMs) => {
      cells = cells.map((cell) => {
        const settings = chaos.get(cell.dependency);
        const sick = settings === undefined || settings.hang ? 1 : settings.errorRatio;
        const counted = cell.state === 'open' ? 0 : between(random, 0, callsPerSecond * 2);
        const failures = Math.round(counted * sick);
        const slow =
          settings !== undefined && settings.extraLatencyMs >= 1_000
            ? counted - failures
            : random() < 0.05
              ? Math.min(1, counted - failures)
              : 0;
        const window = [...cell.window.slice(1), { successes: counted - failures - slow, failures, slow }];
        const next = step(withWindow(cell, window), sick);
        if (next.state !== cell.state) {
          transitions.push({
            ...{
              dependency: cell.dependency,
              worker: cell.worker,
              from: cell.state,
              to: next.state,
              epoch: next.epoch,
              atMs: nowMs,
            },
            reason: reasonOf(cell, next),
          });
          if (transitions.length > MAX_TRANSITIONS) transitions.shift();
        }
        return next;
      });
    },
  };
}

function withWindow(cell: Cell, window: Cell['window']): Cell {
  const sum = (key: 'successes' | 'failures' | 'slow'): number =>
    window.reduce((total, bucket) => total + bucket[key], 0);
  const [successes, failures, slow] = [sum('successes'), sum('failures'), sum('slow')];
  const calls = successes + failures + slow;
  return { ...cell, window, calls, failures, slow, failureRatio: calls === 0 ? 0 : failures / calls };
}

function step(cell: Cell, sick: number): Cell {
  const epoch = cell.epoch + 1;
  switch (cell.state) {
    case 'closed':
      if (cell.calls < BUCKETS || cell.failureRatio < THRESHOLD_RATIO)
        return { ...cell, openings: cell.failureRatio === 0 ? 0 : cell.openings };
      return {
        ...cell,
        state: 'open',
        epoch,
        reopensInMs: OPEN_MS * 2 ** Math.min(cell.openings, 3),
        openings: cell.openings + 1,
      };
    case 'open':
      if (cell.reopensInMs > 1_000) return { ...cell, reopensInMs: cell.reopensInMs - 1_000 };
      return { ...cell, state: 'half-open', epoch, reopensInMs: 0, probesInFlight: 1 };
    case 'half-open':
      if (sick >= THRESHOLD_RATIO) {
        return {
          ...cell,
          state: 'open',
          epoch,
          probesInFlight: 0,
          reopensInMs: OPEN_MS * 2 ** Math.min(cell.openings, 3),
          openings: cell.openings + 1,
        };
      }
      return {
        ...withWindow(
          cell,
          cell.window.map(() => ({ successes: 0, failures: 0, slow: 0 })),
        ),
        state: 'closed',
        epoch,
        probesInFlight: 0,
      };
  }
}

function reasonOf(before: Cell, after: Cell): string {
  if (after.state === 'half-open') return 'open long enough; probing';
  if (after.state === 'closed') return 'probes succeeded';
  if (before.state === 'half-open') return 'a probe failed';
  const percent = Math.round(after.failureRatio * 100);
  return `${percent} % of ${after.calls} calls failed, threshold ${THRESHOLD_RATIO * 100} %`;
}
