/** How far one order came in the saga: which states it visited and which edges it took. Pure. */
import type { OrderStep, OrderView, SagaGraph } from '../contract.ts';
import { stateWords } from '../kit/format.model.ts';
import type { IconName, Tone } from '../kit/tone.model.ts';
import { lookOf } from '../orders/timeline.model.ts';

export interface StateProgress {
  readonly visited: boolean;
  readonly active: boolean;
  /** Shown when a task needed more than one. */
  readonly attempts: number;
  readonly tone: Tone;
  readonly icon: IconName | undefined;
  readonly title: string;
}

type Edge = SagaGraph['edges'][number];

export function progressOf(
  graph: SagaGraph,
  order: Pick<OrderView, 'steps'> | undefined,
): ReadonlyMap<string, StateProgress> {
  const steps = new Map(order?.steps.map((step) => [step.state, step]));
  return new Map(
    graph.states.map(({ name, comment }) => [name, stateProgress(name, comment, steps.get(name))]),
  );
}

/** Whether the order went along an edge: a step that failed leaves by its first error edge that was entered after it. */
export function taken(edge: Edge, graph: SagaGraph, order: Pick<OrderView, 'steps'> | undefined): boolean {
  const steps = order?.steps ?? [];
  const place = steps.findIndex(({ state }) => state === edge.from);
  const from = steps[place];
  if (from === undefined) return false;
  const after = steps.slice(place + 1);
  if (edge.on === 'next') return from.status !== 'failed' && after.some(({ state }) => state === edge.to);
  if (from.status !== 'failed') return false;
  const ways = new Set(
    graph.edges.filter(({ from: name, on }) => name === edge.from && on === 'error').map(({ to }) => to),
  );
  return after.find(({ state }) => ways.has(state))?.state === edge.to;
}

function stateProgress(
  name: string,
  comment: string | undefined,
  step: OrderStep | undefined,
): StateProgress {
  const about = comment === undefined || comment === '' ? '' : `. ${comment}`;
  if (step === undefined) {
    return {
      visited: false,
      active: false,
      attempts: 0,
      tone: 'quiet',
      icon: undefined,
      title: `${stateWords(name)}: not reached${about}`,
    };
  }
  const error = step.error === undefined ? '' : `; ${step.error.code}: ${step.error.cause}`;
  return {
    visited: true,
    active: step.status === 'running' || step.status === 'retrying',
    attempts: step.attempts,
    ...lookOf(step),
    title: `${stateWords(name)}: ${step.status}${error}${about}`,
  };
}
