/**
 * The interpreter: `apply(execution, input)` gives the execution after the input, the history events it caused
 * and the commands the executor must carry out. Pure: no clock, no chance, no I/O; the execution passed in is
 * not changed. Law: applying the same inputs in the same order always gives the same events and commands.
 */
import { parseJson } from '../json/json.ts';
import {
  addThread,
  type Draft,
  draftOf,
  type MutableThread,
  nextId,
  own,
  recordAfter,
  settle,
} from './draft.ts';
import type { Execution, Thread } from './execution.ts';
import { fail, failExecution, failureOf, guard } from './failing.ts';
import type { HistoryEvent } from './history.ts';
import type { Command, ExecutionInput, TaskOutcome } from './protocol.ts';
import { complete, endWait, enter, run } from './states.ts';
import { failTimedOut, recordTimedOut, settleTask } from './task.ts';

export interface StepResult {
  readonly execution: Execution;
  readonly events: readonly HistoryEvent[];
  readonly commands: readonly Command[];
}

/** A step stops after about this many events and asks to be continued, so that no execution starves the others. */
export const STEP_EVENT_BUDGET = 500;

/** The timer of the machine's own TimeoutSeconds. It is the first number an execution gives out. */
const EXECUTION_TIMER = 1;

export function apply(execution: Execution, input: ExecutionInput): StepResult {
  if (execution.status !== 'RUNNING') return { execution, events: [], commands: [] };
  const draft = draftOf(execution, input);
  try {
    take(draft, input);
    advance(draft);
  } catch (error) {
    // Only a full history gets here: no event is left to say which states it passes through.
    failExecution(draft, draft.lastEventId, failureOf(error));
  }
  return { execution: settle(draft), events: draft.events, commands: draft.commands };
}

function take(draft: Draft, input: ExecutionInput): void {
  switch (input.kind) {
    case 'started':
      start(draft);
      break;
    case 'task-settled':
      settled(draft, input.task, input.outcome);
      break;
    case 'timers-fired':
      fire(draft, input.timers);
      break;
    case 'stopped':
      stop(draft, input);
      break;
    case 'continued':
      break;
  }
}

function settled(draft: Draft, task: number, outcome: TaskOutcome): void {
  for (const thread of waiting(draft, (wait) => wait.kind === 'task' && wait.task === task)) {
    const state = thread.program.states.get(thread.state);
    if (state?.type === 'Task') guard(draft, thread, () => settleTask(draft, thread, state, outcome));
  }
}

function start(draft: Draft): void {
  const { facts, program } = draft.base;
  draft.startedAt = draft.at;
  const details = { input: facts.input, inputDetails: { truncated: false }, roleArn: facts.roleArn };
  recordAfter(draft, 0, 'ExecutionStarted', details);
  const timer = nextId(draft);
  if (program.timeoutSeconds !== undefined) {
    draft.commands.push({ kind: 'set-timer', timer, dueAt: draft.at + program.timeoutSeconds * 1_000 });
  }
  addThread(draft, {
    id: nextId(draft),
    program,
    path: '',
    state: program.startAt,
    input: parseJson(facts.input),
    inputText: facts.input,
    enteredAt: draft.at,
    enteredEventId: 0,
    previousEventId: 0,
    retries: [],
    wait: { kind: 'turn' },
  });
}

function stop(draft: Draft, reason: { readonly error?: string; readonly cause?: string }): void {
  const end = {
    ...(reason.error === undefined ? {} : { error: reason.error }),
    ...(reason.cause === undefined ? {} : { cause: reason.cause }),
  };
  recordAfter(draft, 0, 'ExecutionAborted', end);
  draft.status = 'ABORTED';
  draft.end = end;
}

/** Timers that were due at one moment come in together: every timeout is recorded before any is acted on. */
function fire(draft: Draft, timers: readonly number[]): void {
  if (timers.includes(EXECUTION_TIMER)) {
    recordAfter(draft, 0, 'ExecutionTimedOut', {});
    draft.status = 'TIMED_OUT';
    return;
  }
  const timedOut: { readonly id: number; readonly missedHeartbeat: boolean }[] = [];
  for (const thread of waiting(draft, (wait) => waitsFor(wait, timers))) {
    const state = thread.program.states.get(thread.state);
    const { wait } = thread;
    if (wait.kind === 'task' && state?.type === 'Task') {
      recordTimedOut(draft, thread, state);
      timedOut.push({
        id: thread.id,
        missedHeartbeat: wait.timeout === undefined || !timers.includes(wait.timeout),
      });
    } else if (wait.kind === 'timer') {
      elapse(draft, thread, wait.purpose);
    }
  }
  for (const { id, missedHeartbeat } of timedOut) {
    const thread = draft.status === 'RUNNING' ? own(draft, id) : undefined;
    if (thread !== undefined) failTimedOut(draft, thread, missedHeartbeat);
  }
}

function waitsFor(wait: Thread['wait'], timers: readonly number[]): boolean {
  if (wait.kind === 'timer') return timers.includes(wait.timer);
  if (wait.kind !== 'task') return false;
  return [wait.timeout, wait.heartbeat].some((timer) => timer !== undefined && timers.includes(timer));
}

function elapse(draft: Draft, thread: MutableThread, purpose: 'exit' | 'retry'): void {
  const state = thread.program.states.get(thread.state);
  thread.wait = { kind: 'turn' };
  guard(draft, thread, () => {
    if (purpose === 'retry' && state !== undefined) run(draft, thread, state);
    else if (state?.type === 'Wait') endWait(draft, thread, state);
  });
}

function waiting(draft: Draft, matches: (wait: Thread['wait']) => boolean): readonly MutableThread[] {
  return [...draft.threads.values()].flatMap(({ id, wait }) => (matches(wait) ? (own(draft, id) ?? []) : []));
}

/** Lets every thread that can go on do so, in turn, until all wait or the budget is used up. */
function advance(draft: Draft): void {
  while (draft.status === 'RUNNING' && draft.runnable.length > 0) {
    if (draft.events.length >= STEP_EVENT_BUDGET) {
      draft.commands.push({ kind: 'continue' });
      return;
    }
    const thread = own(draft, draft.runnable.shift() ?? 0);
    if (thread !== undefined) turn(draft, thread);
  }
}

function turn(draft: Draft, thread: MutableThread): void {
  const state = thread.program.states.get(thread.state);
  if (state === undefined) {
    const cause = `There is no state '${thread.state}'`;
    fail(draft, thread, { error: 'States.Runtime', cause, terminal: true }, 'self');
    return;
  }
  guard(draft, thread, () => {
    const { wait } = thread;
    if (wait.kind === 'gathered' && (state.type === 'Parallel' || state.type === 'Map')) {
      complete(draft, thread, state, wait.results);
    } else if (wait.kind === 'turn') {
      enter(draft, thread, state);
    }
  });
}
