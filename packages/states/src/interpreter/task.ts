/** Task states: scheduling a call, and what its result, its failure or its timeout does. */
import type { TaskState } from '../definition/program.ts';
import { type Json, member } from '../json/json.ts';
import { type Draft, type MutableThread, nextId, record } from './draft.ts';
import { clearTaskTimers, fail } from './failing.ts';
import { StateFailure } from './failure.ts';
import { leave, target } from './flow.ts';
import { checkedText, effectiveInput, outputOf } from './io.ts';
import type { TaskOutcome } from './protocol.ts';
import { amount, fill, runtime, scopeOf } from './scope.ts';

/** Asks for the call. Scheduled and Started are recorded together: the executor calls as soon as both are stored. */
export function schedule(draft: Draft, thread: MutableThread, state: TaskState): void {
  const input = effectiveInput(draft, thread, state.inputPath);
  const scope = scopeOf(draft, thread, input);
  const timeout = state.timeout && amount(state.timeout, 'TimeoutSecondsPath', scope, 1);
  const heartbeat = state.heartbeat && amount(state.heartbeat, 'HeartbeatSecondsPath', scope, 1);
  const parameters = state.parameters === undefined ? input : fill(state.parameters, scope);
  if (state.resource.kind === 'lambda-invoke' && typeof member(parameters, 'FunctionName') !== 'string') {
    runtime(scope, "The field 'FunctionName' must be a string in the parameters of lambda:invoke");
  }
  recordScheduled(draft, thread, state, parameters, timeout, heartbeat);
  const task = nextId(draft);
  const timers = {
    ...(timeout === undefined ? {} : { timeout: setTimer(draft, timeout) }),
    ...(heartbeat === undefined ? {} : { heartbeat: setTimer(draft, heartbeat) }),
  };
  thread.wait = { kind: 'task', task, ...timers };
  const attempt = thread.retries.reduce((sum, count) => sum + count, 1);
  const place = `${draft.base.facts.arn}#${thread.path}/${state.name}`;
  // Names may hold any character; a token must fit into a header.
  const token = encodeURI(`${place}#${thread.enteredEventId}#${attempt}`.toWellFormed());
  draft.commands.push({
    kind: 'invoke',
    task,
    resource: state.resource,
    parameters,
    stateName: state.name,
    attempt,
    token,
  });
}

function setTimer(draft: Draft, seconds: number): number {
  const timer = nextId(draft);
  draft.commands.push({ kind: 'set-timer', timer, dueAt: draft.at + seconds * 1_000 });
  return timer;
}

const INVOKE = { resourceType: 'lambda', resource: 'invoke' } as const;

function recordScheduled(
  draft: Draft,
  thread: MutableThread,
  state: TaskState,
  parameters: Json,
  timeout: number | undefined,
  heartbeat: number | undefined,
): void {
  const text = checkedText(thread, parameters);
  const limits = {
    ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    ...(heartbeat === undefined || state.resource.kind === 'function'
      ? {}
      : { heartbeatInSeconds: heartbeat }),
  };
  if (state.resource.kind === 'function') {
    const call = { resource: state.resource.arn, input: text, inputDetails: { truncated: false } };
    record(draft, thread, 'LambdaFunctionScheduled', { ...call, ...limits });
    record(draft, thread, 'LambdaFunctionStarted');
    return;
  }
  const region = draft.base.facts.arn.split(':')[3] ?? '';
  record(draft, thread, 'TaskScheduled', { ...INVOKE, region, parameters: text, ...limits });
  record(draft, thread, 'TaskStarted', INVOKE);
}

/** The call returned. */
export function settleTask(
  draft: Draft,
  thread: MutableThread,
  state: TaskState,
  outcome: TaskOutcome,
): void {
  if (thread.wait.kind === 'task') clearTaskTimers(draft, thread.wait);
  thread.wait = { kind: 'turn' };
  if (!outcome.ok) {
    const failure = {
      error: outcome.error,
      ...(outcome.cause === undefined ? {} : { cause: outcome.cause }),
    };
    recordEnd(draft, thread, state, 'Failed', failure);
    throw new StateFailure({ ...failure, terminal: false });
  }
  recordEnd(draft, thread, state, 'Succeeded', {
    output: JSON.stringify(outcome.output),
    outputDetails: { truncated: false },
  });
  leave(draft, thread, state, outputOf(draft, thread, state, outcome.output), target(state.next));
}

/** Records that the time is up; {@link failTimedOut} then acts on it, after all that ran out at the same moment. */
export function recordTimedOut(draft: Draft, thread: MutableThread, state: TaskState): void {
  recordEnd(draft, thread, state, 'TimedOut', { error: 'States.Timeout' });
}

export function failTimedOut(draft: Draft, thread: MutableThread, missedHeartbeat: boolean): void {
  const alias = missedHeartbeat ? { alias: 'States.HeartbeatTimeout' } : {};
  fail(draft, thread, { error: 'States.Timeout', terminal: false, ...alias }, 'self');
}

function recordEnd(
  draft: Draft,
  thread: MutableThread,
  state: TaskState,
  end: 'Succeeded' | 'Failed' | 'TimedOut',
  details: Readonly<Record<string, Json>>,
): void {
  if (state.resource.kind === 'function') record(draft, thread, `LambdaFunction${end}`, details);
  else record(draft, thread, `Task${end}`, { ...INVOKE, ...details });
}
