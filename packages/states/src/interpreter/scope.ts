/** Evaluates paths, templates and intrinsic calls in the scope of one thread: its input and the context object. */

import type { Amount } from '../definition/program.ts';
import type { Expression, Template } from '../definition/template.ts';
import { FUNCTIONS, IntrinsicError } from '../intrinsics/functions.ts';
import type { Argument, IntrinsicCall } from '../intrinsics/parse.ts';
import { type Json, parseJson } from '../json/json.ts';
import { printTimestamp } from '../json/timestamp.ts';
import { evaluatePath } from '../jsonpath/evaluate.ts';
import type { JsonPath } from '../jsonpath/path.ts';
import type { Draft } from './draft.ts';
import type { Thread } from './execution.ts';
import { runtimeFailure, StateFailure } from './failure.ts';

/** What `$` and `$$` mean while one field of a state is evaluated. */
export interface Scope {
  readonly draft: Draft;
  readonly thread: Thread;
  readonly input: Json;
  readonly context: () => Json;
}

/** The scope of `thread` with `$` meaning `input`. `item` overrides `$$.Map.Item`, for ItemSelector. */
export function scopeOf(draft: Draft, thread: Thread, input: Json, item?: Thread['item']): Scope {
  let context: Json | undefined;
  return {
    draft,
    thread,
    input,
    context: () => {
      context ??= contextObject(draft, thread, item ?? thread.item);
      return context;
    },
  };
}

function contextObject(draft: Draft, thread: Thread, item: Thread['item']): Json {
  const { facts } = draft.base;
  const state = thread.program.states.get(thread.state);
  const retriable = state?.type === 'Task' || state?.type === 'Parallel' || state?.type === 'Map';
  return {
    Execution: {
      Id: facts.arn,
      Input: parseJson(facts.input),
      StartTime: printTimestamp(draft.startedAt),
      Name: facts.name,
      RoleArn: facts.roleArn,
      RedriveCount: 0,
    },
    StateMachine: { Id: facts.stateMachineArn, Name: facts.stateMachineName },
    State: {
      Name: thread.state,
      EnteredTime: printTimestamp(thread.enteredAt),
      ...(retriable ? { RetryCount: thread.retries.reduce((sum, count) => sum + count, 0) } : {}),
    },
    ...(item === undefined ? {} : { Map: { Item: { Index: item.index, Value: item.value } } }),
  };
}

function rootOf(path: JsonPath, scope: Scope): Json {
  return path.root === 'context' ? scope.context() : scope.input;
}

/** InputPath, OutputPath and the numeric `…Path` fields. Fails the execution when there is nothing at `path`. */
export function valueAt(path: JsonPath, scope: Scope): Json {
  const selection = evaluatePath(path, rootOf(path, scope));
  return selection.found
    ? selection.value
    : runtime(scope, `Invalid path '${path.source}' : ${selection.reason}`);
}

/** The value at `path`, or undefined when there is none. */
export function valueOrNone(path: JsonPath, scope: Scope): Json | undefined {
  const selection = evaluatePath(path, rootOf(path, scope));
  return selection.found ? selection.value : undefined;
}

/** Throws States.Runtime with the sentence AWS puts before the reason. */
export function runtime(scope: Pick<Scope, 'thread'>, reason: string): never {
  const { state, enteredEventId } = scope.thread;
  return runtimeFailure(
    `An error occurred while executing the state '${state}' (entered at the event id #${enteredEventId}). ${reason}`,
  );
}

/** Fills a template. Fails the execution when a path of it leads nowhere. */
export function fill(template: Template, scope: Scope): Json {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'list':
      return template.items.map((item) => fill(item, scope));
    case 'fields':
      return Object.fromEntries(
        template.fields.map(({ key, field, value }) => [
          key,
          value.kind === 'path' || value.kind === 'call'
            ? evaluateField(value, field, scope)
            : fill(value, scope),
        ]),
      );
  }
}

/** The value of `expression`, which stands in the field `field` of the definition. */
export function evaluateField(expression: Expression, field: string, scope: Scope): Json {
  return expression.kind === 'path'
    ? pathValue(expression.path, field, scope)
    : call(expression.call, field, scope);
}

function pathValue(path: JsonPath, field: string, scope: Scope): Json {
  const value = valueOrNone(path, scope);
  if (value !== undefined) return value;
  const place = `The JSONPath '${path.source}' specified for the field '${field}' could not be found in the input`;
  return runtime(scope, `${place} '${JSON.stringify(scope.input)}'`);
}

function call(intrinsic: IntrinsicCall, field: string, scope: Scope): Json {
  try {
    return evaluateCall(intrinsic, field, scope);
  } catch (error) {
    if (!(error instanceof IntrinsicError)) throw error;
    const cause = `The function '${intrinsic.source}' had the following error: ${error.message}`;
    throw new StateFailure({ error: 'States.IntrinsicFailure', cause, terminal: false });
  }
}

function evaluateCall(intrinsic: IntrinsicCall, field: string, scope: Scope): Json {
  const args = intrinsic.args.map((argument) => argumentValue(argument, field, scope));
  return FUNCTIONS[intrinsic.name](args, scope.draft.random);
}

function argumentValue(argument: Argument, field: string, scope: Scope): Json {
  switch (argument.kind) {
    case 'literal':
      return argument.value;
    case 'path':
      return pathValue(argument.path, field, scope);
    case 'call':
      return evaluateCall(argument.call, field, scope);
  }
}

/** A count of seconds or iterations from the definition or the input. */
export function amount(source: Amount, field: string, scope: Scope, min: number): number {
  if (source.kind === 'constant') return source.value;
  const value = valueAt(source.path, scope);
  if (typeof value === 'number' && Number.isInteger(value)) {
    return value >= min
      ? value
      : runtime(
          scope,
          `${field.replace(/Path$/, '')} cannot be ${min === 0 ? 'negative' : `less than ${min}`}.`,
        );
  }
  return runtime(
    scope,
    `The ${field} field refers to value "${printed(value)}" which is not a valid integer: ${source.path.source}`,
  );
}

/** A value inside a message: strings bare, the rest as JSON. */
export function printed(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
