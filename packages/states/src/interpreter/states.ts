/** What each type of state does when it is entered, and how Wait, Parallel and Map go on afterwards. */

import { holds, MissingVariableError } from '../definition/choice-rule.ts';
import type {
  ChoiceState,
  FailState,
  MapState,
  ParallelState,
  PassState,
  State,
  SucceedState,
  WaitState,
} from '../definition/program.ts';
import { INLINE_MAP_CONCURRENCY } from '../definition/program.ts';
import { isArray, type Json } from '../json/json.ts';
import { parseTimestamp } from '../json/timestamp.ts';
import type { JsonPath } from '../jsonpath/path.ts';
import { type Draft, type MutableThread, nextId, record, recordAfter } from './draft.ts';
import type { Gathering, Thread } from './execution.ts';
import { StateFailure } from './failure.ts';
import { leave, startChild, startIteration, target } from './flow.ts';
import { effectiveInput, filtered, outputOf } from './io.ts';
import {
  amount,
  evaluateField,
  fill,
  printed,
  runtime,
  type Scope,
  scopeOf,
  valueAt,
  valueOrNone,
} from './scope.ts';
import { schedule } from './task.ts';

/** Waits longer than this are refused, as AWS does: 2^31 - 1 seconds. */
const MAX_WAIT_SECONDS = 2_147_483_647;

export function enter(draft: Draft, thread: MutableThread, state: State): void {
  thread.enteredAt = draft.at;
  thread.retries = [];
  const details = { name: state.name, input: thread.inputText, inputDetails: { truncated: false } };
  thread.enteredEventId = record(draft, thread, `${state.type}StateEntered`, details);
  run(draft, thread, state);
}

/** Does the work of a state that has been entered; once more for each retry. */
export function run(draft: Draft, thread: MutableThread, state: State): void {
  switch (state.type) {
    case 'Pass':
      leave(draft, thread, state, passOutput(draft, thread, state), target(state.next));
      break;
    case 'Task':
      schedule(draft, thread, state);
      break;
    case 'Choice':
      choose(draft, thread, state);
      break;
    case 'Wait':
      wait(draft, thread, state);
      break;
    case 'Succeed':
      leave(draft, thread, state, filteredInput(draft, thread, state), undefined);
      break;
    case 'Fail':
      throw new StateFailure(failureOf(draft, thread, state));
    case 'Parallel':
      fork(draft, thread, state);
      break;
    case 'Map':
      iterate(draft, thread, state);
      break;
  }
}

/** The output of a state that only passes its input through InputPath and OutputPath. */
function filteredInput(draft: Draft, thread: Thread, state: ChoiceState | SucceedState | WaitState): Json {
  return filtered(draft, thread, state.outputPath, effectiveInput(draft, thread, state.inputPath));
}

function passOutput(draft: Draft, thread: Thread, state: PassState): Json {
  const input = effectiveInput(draft, thread, state.inputPath);
  const result =
    state.parameters === undefined ? input : fill(state.parameters, scopeOf(draft, thread, input));
  return outputOf(draft, thread, state, state.result ?? result);
}

function choose(draft: Draft, thread: MutableThread, state: ChoiceState): void {
  const input = effectiveInput(draft, thread, state.inputPath);
  const scope = scopeOf(draft, thread, input);
  const next = chosen(state, scope) ?? state.default;
  if (next === undefined)
    runtime(scope, 'Failed to transition out of the state. The state does not point to a next state.');
  leave(draft, thread, state, filtered(draft, thread, state.outputPath, input), next);
}

function chosen(state: ChoiceState, scope: Scope): string | undefined {
  try {
    return state.choices.find(({ rule }) => holds(rule, scope))?.next;
  } catch (error) {
    if (error instanceof MissingVariableError) runtime(scope, error.message);
    throw error;
  }
}

function failureOf(draft: Draft, thread: Thread, state: FailState): StateFailure['failure'] {
  const scope = scopeOf(draft, thread, thread.input);
  const text = (value: FailState['error'], field: string): string | undefined => {
    if (value === undefined || typeof value === 'string') return value;
    const evaluated = evaluateField(value, field, scope);
    return typeof evaluated === 'string'
      ? evaluated
      : runtime(scope, `The ${field} field must be a string, but was: ${JSON.stringify(evaluated)}`);
  };
  const [error, cause] = [text(state.error, 'ErrorPath'), text(state.cause, 'CausePath')];
  return {
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    terminal: false,
  };
}

function wait(draft: Draft, thread: MutableThread, state: WaitState): void {
  const dueAt = dueTime(draft, thread, state);
  if (dueAt - draft.at > MAX_WAIT_SECONDS * 1_000) runtime({ thread }, 'Wait state delay is too long.');
  if (dueAt <= draft.at) {
    endWait(draft, thread, state);
    return;
  }
  const timer = nextId(draft);
  thread.wait = { kind: 'timer', timer, purpose: 'exit' };
  draft.commands.push({ kind: 'set-timer', timer, dueAt });
}

export function endWait(draft: Draft, thread: MutableThread, state: WaitState): void {
  leave(draft, thread, state, filteredInput(draft, thread, state), target(state.next));
}

function dueTime(draft: Draft, thread: Thread, state: WaitState): number {
  const { until } = state;
  const scope = scopeOf(draft, thread, effectiveInput(draft, thread, state.inputPath));
  switch (until.kind) {
    case 'seconds':
      return draft.at + until.seconds * 1_000;
    case 'timestamp':
      return until.epochMs;
    case 'seconds-path': {
      const seconds = waitValue(until.path, 'SecondsPath', scope);
      if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0)
        return draft.at + seconds * 1_000;
      return runtime(
        scope,
        `The SecondsPath parameter does not reference a valid integer value: ${until.path.source} == ${printed(seconds)}`,
      );
    }
    case 'timestamp-path': {
      const text = waitValue(until.path, 'TimestampPath', scope);
      const point = typeof text === 'string' ? parseTimestamp(text) : undefined;
      if (point !== undefined) return point.epochMs;
      const expected = 'a valid ISO-8601 extended offset date-time format string';
      return runtime(
        scope,
        `The TimestampPath parameter does not reference ${expected}: ${until.path.source} == ${printed(text)}`,
      );
    }
  }
}

function waitValue(path: JsonPath, field: string, scope: Scope): Json {
  return (
    valueOrNone(path, scope) ??
    runtime(scope, `The ${field} parameter does not reference an input value: ${path.source}`)
  );
}

function fork(draft: Draft, thread: MutableThread, state: ParallelState): void {
  const input = effectiveInput(draft, thread, state.inputPath);
  const each = state.parameters === undefined ? input : fill(state.parameters, scopeOf(draft, thread, input));
  const started = record(draft, thread, 'ParallelStateStarted');
  const count = state.branches.length;
  thread.wait = {
    kind: 'children',
    items: [],
    inputs: [],
    next: count,
    running: count,
    results: state.branches.map(() => null),
  };
  for (const [index, branch] of state.branches.entries()) {
    startChild(draft, thread, branch, index, each, started);
  }
}

function iterate(draft: Draft, thread: MutableThread, state: MapState): void {
  const input = effectiveInput(draft, thread, state.inputPath);
  const scope = scopeOf(draft, thread, input);
  const items = state.itemsPath === undefined ? input : valueAt(state.itemsPath, scope);
  if (!isArray(items))
    runtime(scope, `Reference path "${state.itemsPath?.source ?? '$'}" must point to array.`);
  const concurrency = amount(state.maxConcurrency, 'MaxConcurrencyPath', scope, 0);
  const { itemSelector } = state;
  const inputs =
    itemSelector === undefined
      ? items
      : items.map((value, index) => fill(itemSelector, scopeOf(draft, thread, input, { index, value })));
  record(draft, thread, 'MapStateStarted', { length: items.length });
  if (items.length === 0) {
    complete(draft, thread, state, []);
    return;
  }
  const gathering: Gathering = {
    kind: 'children',
    items,
    inputs,
    next: 0,
    running: 0,
    results: items.map(() => null),
  };
  thread.wait = gathering;
  const first = Math.min(
    items.length,
    concurrency === 0 ? INLINE_MAP_CONCURRENCY : concurrency,
    INLINE_MAP_CONCURRENCY,
  );
  for (let i = 0; i < first && thread.wait.kind === 'children'; i += 1)
    startIteration(draft, thread, state, thread.wait);
}

/** All children are done. The exit follows the last child, not the `Succeeded` event: so AWS records it. */
export function complete(
  draft: Draft,
  thread: MutableThread,
  state: ParallelState | MapState,
  results: readonly Json[],
): void {
  thread.wait = { kind: 'turn' };
  recordAfter(draft, thread.previousEventId, `${state.type}StateSucceeded`);
  leave(draft, thread, state, outputOf(draft, thread, state, results), target(state.next));
}
