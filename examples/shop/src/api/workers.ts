/** The workers as the api sees them: whom to ask next, and what their guards say. */
import type { BreakerTransition, BreakerView, BulkheadView } from '@holdfast/dashboard/contract';
import { readJson } from '../process/json.ts';

const STATUS_TIMEOUT_MS = 500;

export interface GuardsView {
  readonly breakers: readonly BreakerView[];
  readonly bulkheads: readonly BulkheadView[];
  readonly transitions: readonly BreakerTransition[];
}

export interface Workers {
  /** Every worker once, beginning with another one each time. */
  inTurn(): readonly string[];
  /** What all workers that answer say, in one. */
  view(): Promise<GuardsView>;
}

export function workers(urls: readonly string[]): Workers {
  let next = 0;
  return {
    inTurn: () => {
      const from = next % Math.max(1, urls.length);
      next += 1;
      return [...urls.slice(from), ...urls.slice(0, from)];
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
