/** What happens after a failure: retry, catch, or on to the state above; and how running siblings are stopped. */
import type { Retrier, State } from '../definition/program.ts';
import { type Draft, type MutableThread, nextId, own, record, recordAfter } from './draft.ts';
import type { Thread } from './execution.ts';
import { type Failure, matches, StateFailure } from './failure.ts';
import { leave } from './flow.ts';
import { placed } from './io.ts';

/** Runs `work` for `thread`; a StateFailure thrown by it becomes the failure of the thread's current state. */
export function guard(draft: Draft, thread: MutableThread, work: () => void): void {
  try {
    work();
  } catch (error) {
    fail(draft, thread, failureOf(error), 'self');
  }
}

/** A defect of the interpreter must not stop other executions: it fails this one, and replays the same way. */
export function failureOf(error: unknown): Failure {
  if (error instanceof StateFailure) return error.failure;
  const cause = `Internal error of the engine: ${error instanceof Error ? error.message : String(error)}`;
  return { error: 'States.Runtime', cause, terminal: true };
}

/** The current state of `thread` failed, by itself or because a child did. */
export function fail(draft: Draft, thread: MutableThread, failure: Failure, origin: 'self' | 'child'): void {
  const state = thread.program.states.get(thread.state);
  stopWaiting(draft, thread);
  if (state !== undefined && retry(draft, thread, state, failure)) return;
  if (origin === 'child' && (state?.type === 'Map' || state?.type === 'Parallel')) {
    record(draft, thread, `${state.type}StateFailed`);
  }
  if (state !== undefined && caught(draft, thread, state, failure)) return;
  failThread(draft, thread, failure);
}

function retry(draft: Draft, thread: MutableThread, state: State, failure: Failure): boolean {
  if (!('retry' in state)) return false;
  const index = state.retry.findIndex((retrier) => matches(retrier.errors, failure));
  const retrier = state.retry[index];
  const used = thread.retries[index] ?? 0;
  if (retrier === undefined || used >= retrier.maxAttempts) return false;
  const timer = nextId(draft);
  thread.retries = state.retry.map((_, i) => (thread.retries[i] ?? 0) + (i === index ? 1 : 0));
  thread.wait = { kind: 'timer', timer, purpose: 'retry' };
  draft.commands.push({
    kind: 'set-timer',
    timer,
    dueAt: draft.at + delayMs(retrier, used, () => draft.random.next()),
  });
  return true;
}

/** Exponential backoff, capped by MaxDelaySeconds; full jitter draws evenly from zero to the whole delay. */
export function delayMs(retrier: Retrier, used: number, random: () => number): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** used;
  const seconds = Math.min(grown, retrier.maxDelaySeconds ?? Number.MAX_SAFE_INTEGER / 1_000);
  return Math.round(seconds * 1_000 * (retrier.jitter === 'FULL' ? random() : 1));
}

function caught(draft: Draft, thread: MutableThread, state: State, failure: Failure): boolean {
  if (!('catch' in state)) return false;
  const catcher = state.catch.find(({ errors }) => matches(errors, failure));
  if (catcher === undefined) return false;
  try {
    const output = placed(thread, catcher.resultPath, {
      Error: failure.error ?? '',
      Cause: failure.cause ?? '',
    });
    leave(draft, thread, state, output, catcher.next);
  } catch (error) {
    failThread(draft, thread, failureOf(error));
  }
  return true;
}

/** No Retry or Catch took it: the execution fails, or the state that waits for this thread does. */
function failThread(draft: Draft, thread: MutableThread, failure: Failure): void {
  draft.threads.delete(thread.id);
  const parent = thread.parent === undefined ? undefined : own(draft, thread.parent.thread);
  if (thread.parent === undefined || parent === undefined) {
    failExecution(draft, thread.previousEventId, failure);
    return;
  }
  const state = parent.program.states.get(parent.state);
  if (state?.type === 'Map') {
    const { index } = thread.parent;
    recordAfter(draft, thread.previousEventId, 'MapIterationFailed', { name: state.name, index });
    // AWS records it for a task that failed inside an iteration, beside the task's own end.
    if (typeOf(thread) === 'Task') recordStateAborted(draft, thread, thread.previousEventId);
  }
  abortChildren(draft, parent, thread.previousEventId);
  parent.previousEventId = thread.previousEventId;
  fail(draft, parent, failure, 'child');
}

export function failExecution(draft: Draft, previous: number, failure: Failure): void {
  const end = {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  };
  recordAfter(draft, previous, 'ExecutionFailed', end);
  draft.status = 'FAILED';
  draft.end = end;
}

/** Cancels whatever the thread itself waits for. */
export function stopWaiting(draft: Draft, thread: MutableThread): void {
  const { wait } = thread;
  if (wait.kind === 'task') {
    draft.commands.push({ kind: 'abort-task', task: wait.task });
    clearTaskTimers(draft, wait);
  } else if (wait.kind === 'timer') {
    draft.commands.push({ kind: 'clear-timer', timer: wait.timer });
  }
  thread.wait = { kind: 'turn' };
}

export function clearTaskTimers(
  draft: Draft,
  wait: { readonly timeout?: number; readonly heartbeat?: number },
): void {
  for (const timer of [wait.timeout, wait.heartbeat]) {
    if (timer !== undefined) draft.commands.push({ kind: 'clear-timer', timer });
  }
}

/** Stops every thread below `parent`, in the order in which they were started. */
function abortChildren(draft: Draft, parent: Thread, previous: number): void {
  const state = parent.program.states.get(parent.state);
  const children = [...draft.threads.values()].filter((thread) => thread.parent?.thread === parent.id);
  for (const child of children) {
    const thread = own(draft, child.id);
    if (thread === undefined) continue;
    if (state?.type === 'Map') {
      recordAfter(draft, previous, 'MapIterationAborted', {
        name: state.name,
        index: child.parent?.index ?? 0,
      });
    }
    abortChildren(draft, thread, previous);
    recordStateAborted(draft, thread, previous);
    stopWaiting(draft, thread);
    draft.threads.delete(thread.id);
  }
}

/** Says that the state `thread` was in has not been left. Pass, Choice and Fail never wait, so they have no such event. */
function recordStateAborted(draft: Draft, thread: Thread, previous: number): void {
  const type = typeOf(thread);
  if (thread.enteredEventId === 0) return;
  if (type === 'Task' || type === 'Wait' || type === 'Parallel' || type === 'Map') {
    recordAfter(draft, previous, `${type}StateAborted`);
  }
}

function typeOf(thread: Thread): State['type'] | undefined {
  return thread.program.states.get(thread.state)?.type;
}
