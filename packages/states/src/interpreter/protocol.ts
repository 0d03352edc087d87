/** What goes into the interpreter (inputs, journaled by the executor) and what it asks for (commands). */
import type { Resource } from '../definition/program.ts';
import type { Json } from '../json/json.ts';

/** How a task ended. `output` is the result as the Task state sees it. */
export type TaskOutcome =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly error: string; readonly cause?: string };

/**
 * Everything that can happen to an execution. Time and chance come in here and nowhere else: `at` is epoch ms,
 * `entropy` the seed of whatever the step draws (jitter, States.UUID, States.MathRandom). Replaying the same
 * inputs therefore gives the same history.
 */
export type ExecutionInput = { readonly at: number; readonly entropy: string } & (
  | { readonly kind: 'started' }
  | { readonly kind: 'task-settled'; readonly task: number; readonly outcome: TaskOutcome }
  | { readonly kind: 'timers-fired'; readonly timers: readonly number[] }
  | { readonly kind: 'stopped'; readonly error?: string; readonly cause?: string }
  | { readonly kind: 'continued' }
);

/** What the executor must now do. Numbers are unique within the execution and stable over replays. */
export type Command =
  | InvokeCommand
  | { readonly kind: 'abort-task'; readonly task: number }
  | { readonly kind: 'set-timer'; readonly timer: number; readonly dueAt: number }
  | { readonly kind: 'clear-timer'; readonly timer: number }
  /** The step budget is used up: come back with `continued`. */
  | { readonly kind: 'continue' };

export interface InvokeCommand {
  readonly kind: 'invoke';
  readonly task: number;
  readonly resource: Resource;
  /** What Parameters made of the input: the payload of a function, or the request of lambda:invoke. */
  readonly parameters: Json;
  readonly stateName: string;
  /** 1 for the first try of this entry of the state. */
  readonly attempt: number;
  /** `executionArn#path/state#entry#attempt`: the same after every restart, different for every attempt. */
  readonly token: string;
}
