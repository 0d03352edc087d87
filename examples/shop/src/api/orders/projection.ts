/**
 * One order as the page shows it, folded from the engine's history events. Pure: the same events
 * always give the same view, and an event that was already applied changes nothing.
 */
import type { OrderStep, OrderView, SagaGraph } from '@holdfast/dashboard/contract';
import { plainCause } from '../../saga/cause.ts';

/** What the fold must remember besides what the page sees. */
export interface TrackedOrder {
  readonly view: OrderView;
  /** Highest event id applied. */
  readonly lastEventId: number;
  /** Which step an event belongs to, by event id; only of steps that run. */
  readonly owners: Readonly<Record<string, number>>;
}

/** One history event as the feed gives it. */
export interface SagaEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly atMs: number;
  /** State name, on the events that carry one. */
  readonly name?: string;
  readonly error?: string;
  readonly cause?: string;
}

export function projectOrder(
  order: TrackedOrder,
  event: SagaEvent,
  kinds: ReadonlyMap<string, OrderStep['kind']>,
): TrackedOrder {
  if (event.id <= order.lastEventId) return order;
  const applied = apply(order, event, kinds);
  return { ...applied, lastEventId: event.id };
}

export function kindsOf(graph: SagaGraph): ReadonlyMap<string, OrderStep['kind']> {
  return new Map(graph.states.map(({ name, kind }) => [name, kind]));
}

function apply(
  order: TrackedOrder,
  event: SagaEvent,
  kinds: ReadonlyMap<string, OrderStep['kind']>,
): TrackedOrder {
  const { view } = order;
  if (event.type.endsWith('StateEntered')) return entered(order, event, kinds);
  const index = order.owners[event.previousEventId];
  const owned = index === undefined ? order : { ...order, owners: { ...order.owners, [event.id]: index } };
  switch (event.type) {
    case 'TaskScheduled':
    case 'LambdaFunctionScheduled':
      return change(owned, index, (step) => ({ ...step, status: 'running', attempts: step.attempts + 1 }));
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'TaskStartFailed':
    case 'TaskSubmitFailed':
    case 'LambdaFunctionFailed':
    case 'LambdaFunctionTimedOut':
    case 'LambdaFunctionScheduleFailed':
    case 'LambdaFunctionStartFailed':
      return change(owned, index, (step) => ({
        ...step,
        status: 'retrying',
        error: { code: event.error ?? 'Unknown', cause: plainCause(event.cause) },
      }));
    case 'TaskSucceeded':
    case 'LambdaFunctionSucceeded':
      return change(owned, index, (step) => ({ ...step, status: 'running' }));
    case 'ParallelStateFailed':
      return change(owned, index, (step) => ({ ...step, status: 'retrying' }));
    case 'ExecutionSucceeded':
      return {
        ...order,
        owners: {},
        view: { ...view, status: 'confirmed', endedAtMs: event.atMs, steps: closed(view.steps, event.atMs) },
      };
    case 'ExecutionFailed':
    case 'ExecutionAborted':
    case 'ExecutionTimedOut':
      return failed(order, event);
    default:
      return event.type.endsWith('StateExited') ? exited(owned, event) : owned;
  }
}

function entered(
  order: TrackedOrder,
  event: SagaEvent,
  kinds: ReadonlyMap<string, OrderStep['kind']>,
): TrackedOrder {
  const state = event.name ?? 'unknown';
  const kind = kinds.get(state) ?? 'forward';
  const ends = kind === 'end';
  const step: OrderStep = {
    ...{ state, kind, status: ends ? 'done' : 'running', attempts: 0, startedAtMs: event.atMs },
    ...(ends ? { endedAtMs: event.atMs } : {}),
  };
  const { view } = order;
  const undoing = kind === 'compensation' && view.status === 'running';
  return {
    ...order,
    owners: { ...order.owners, [event.id]: view.steps.length },
    view: {
      ...view,
      steps: [...view.steps, step],
      ...(undoing ? { status: 'undoing' as const, reason: reasonOf(view.steps) } : {}),
    },
  };
}

function exited(order: TrackedOrder, event: SagaEvent): TrackedOrder {
  const index = order.view.steps.findLastIndex((step) => step.state === event.name);
  return change(order, index < 0 ? undefined : index, (step) => ({
    ...step,
    // An exit straight after a failed attempt is a Catch.
    status: step.status === 'retrying' ? 'failed' : 'done',
    endedAtMs: event.atMs,
  }));
}

function failed(order: TrackedOrder, event: SagaEvent): TrackedOrder {
  const { view } = order;
  const undone =
    event.type === 'ExecutionFailed' && event.error !== 'OrderStuck' && view.steps.at(-1)?.kind === 'end';
  const reason = view.reason ?? reasonOf(view.steps);
  return {
    ...order,
    owners: {},
    view: {
      ...view,
      status: undone ? 'undone' : 'stuck',
      endedAtMs: event.atMs,
      reason,
      steps: closed(view.steps, event.atMs),
    },
  };
}

function change(
  order: TrackedOrder,
  index: number | undefined,
  to: (step: OrderStep) => OrderStep,
): TrackedOrder {
  if (index === undefined) return order;
  const steps = order.view.steps.map((step, at) => (at === index ? to(step) : step));
  return { ...order, view: { ...order.view, steps } };
}

function closed(steps: readonly OrderStep[], atMs: number): readonly OrderStep[] {
  return steps.map((step) =>
    step.endedAtMs === undefined ? { ...step, status: 'failed' as const, endedAtMs: atMs } : step,
  );
}

function reasonOf(steps: readonly OrderStep[]): string {
  const culprit = steps.findLast((step) => step.status === 'failed' && step.kind === 'forward');
  return culprit?.error === undefined
    ? 'a step failed'
    : `${culprit.state}: ${culprit.error.code}. ${culprit.error.cause}`;
}
