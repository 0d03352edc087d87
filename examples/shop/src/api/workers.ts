/** The workers as the api sees them: whom to ask next, and what their guards say. */
import type { BreakerTransition, BreakerView, BulkheadView } from '@holdfast/dashboard/contract';
import { readJson } from '../process/json.ts';

const STATUS_TIMEOUT_MS = 500;
/** A worker that hangs costs one search in this time. */
const DISTRUST_MS = 5_000;

export interface GuardsView {
  readonly breakers: readonly BreakerView[];
  readonly bulkheads: readonly BulkheadView[];
  readonly transitions: readonly BreakerTransition[];
}

export interface Workers {
  /** Every worker once, beginning with another one each time; those that lately did not answer come last. */
  inTurn(): readonly string[];
  /** This worker let a request run out of time; for a while the others are asked first. */
  distrust(url: string): void;
  /** What all workers that answer say, in one. */
  view(): Promise<GuardsView>;
}

export function workers(urls: readonly string[]): Workers {
  let next = 0;
  const distrustedUntil = new Map<string, number>();
  return {
    inTurn: () => {
      const from = next % Math.max(1, urls.length);
      next += 1;
      const now = performance.now();
      const trusted = (url: string): boolean => (distrustedUntil.get(url) ?? 0) <= now;
      const order = [...urls.slice(from), ...urls.slice(0, from)];
      return [...order.filter(trusted), ...order.filter((url) => !trusted(url))];
    },
    distrust: (url) => {
      distrustedUntil.set(url, performance.now() + DISTRUST_MS);
    },
    view: async () => merged(await Promise.all(urls.map(guardsOf))),
  };
}

/** Pure: several processes' views as one, transitions newest first. */
export function merged(views: readonly (GuardsView | undefined)[]): GuardsView {
  const there = views.filter((view) => view !== undefined);
  return {
    breakers: there.flatMap((view) => view.breakers),
    bulkheads: there.flatMap((view) => view.bulkheads),
    transitions: there.flatMap((view) => view.transitions).toSorted((a, b) => b.atMs - a.atMs),
  };
}

async function guardsOf(url: string): Promise<GuardsView | undefined> {
  try {
    const response = await fetch(`${url}/status`, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
    return response.ok ? await readJson<GuardsView>(response) : undefined;
  } catch {
    // Down or restarting: the process list says so.
    return undefined;
  }
}
