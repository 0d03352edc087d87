/** A saga's steps as plain sentences; the text that stands for the drawing. Pure. */
import type { OrderStep, OrderView } from '../contract.ts';
import { duration, stateWords } from '../kit/format.model.ts';
import type { IconName, Tone } from '../kit/tone.model.ts';

export interface TimelineEntry {
  readonly key: string;
  readonly atMs: number;
  readonly name: string;
  readonly words: string;
  /** The error's own words, when there was one. */
  readonly error?: string;
  readonly took?: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

export function timelineOf({ steps }: Pick<OrderView, 'steps'>): readonly TimelineEntry[] {
  return steps.map((step, index) => ({
    key: `${index}-${step.state}`,
    atMs: step.startedAtMs,
    name: stateWords(step.state),
    words: wordsOf(step),
    ...(step.error === undefined ? {} : { error: errorWords(step.error) }),
    ...(step.endedAtMs === undefined || step.kind === 'end'
      ? {}
      : { took: duration(step.endedAtMs - step.startedAtMs) }),
    ...lookOf(step),
  }));
}

/** How a step looks in the timeline and in the graph. */
export function lookOf({ state, kind, status }: Pick<OrderStep, 'state' | 'kind' | 'status'>): {
  readonly tone: Tone;
  readonly icon: IconName;
} {
  if (status === 'retrying') return { tone: 'warn', icon: 'retry' };
  if (status === 'running') return { tone: kind === 'compensation' ? 'note' : 'busy', icon: 'dot' };
  if (status === 'failed') return { tone: 'bad', icon: 'cross' };
  if (kind === 'compensation') return { tone: 'note', icon: 'undo' };
  if (kind === 'end' && state.endsWith('Undone')) return { tone: 'note', icon: 'undo' };
  if (kind === 'end' && state.endsWith('Stuck')) return { tone: 'bad', icon: 'alert' };
  return { tone: 'good', icon: 'check' };
}

function wordsOf(step: OrderStep): string {
  const undoes = step.kind === 'compensation';
  switch (step.status) {
    case 'running':
      return step.attempts > 1 ? `running, attempt ${step.attempts}` : 'running';
    case 'retrying':
      return `attempt ${Math.max(1, step.attempts)} failed; waiting to try again`;
    case 'failed':
      return `failed ${attempts(step.attempts)}`;
    case 'done':
      if (step.kind === 'end') return 'the end';
      if (step.attempts > 1) return `${undoes ? 'undone' : 'done'}, at attempt ${step.attempts}`;
      return undoes ? 'undone' : 'done';
  }
}

function attempts(count: number): string {
  if (count <= 1) return 'at the first attempt';
  return `after ${count} attempts`;
}

function errorWords({ code, cause }: { readonly code: string; readonly cause: string }): string {
  return cause === '' ? code : `${code}: ${cause}`;
}
