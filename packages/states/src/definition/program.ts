/** A compiled state machine: what the interpreter runs. Everything is parsed, defaulted and checked. */
import type { Json } from '../json/json.ts';
import type { JsonPath } from '../jsonpath/path.ts';
import type { ReferencePath } from '../jsonpath/reference-path.ts';
import type { Rule } from './choice-rule.ts';
import type { Expression, Template } from './template.ts';

export interface Program {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
  /** Of the whole machine; absent in branches. */
  readonly timeoutSeconds?: number;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;
export type StateType = State['type'];

export type Transition = { readonly kind: 'next'; readonly state: string } | { readonly kind: 'end' };

interface Named {
  readonly name: string;
}

/** InputPath and OutputPath: absent means `$`, null discards everything (`{}`). */
interface Filtered {
  readonly inputPath?: JsonPath | null;
  readonly outputPath?: JsonPath | null;
}

/** States with a result. ResultPath absent means `$`, null discards the result. */
interface Resulting extends Filtered {
  readonly resultPath?: ReferencePath | null;
  readonly next: Transition;
}

/** States whose failure can be retried and caught. */
export interface Guarded extends Resulting {
  readonly parameters?: Template;
  readonly resultSelector?: Template;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface PassState extends Named, Resulting {
  readonly type: 'Pass';
  readonly result?: Json;
  readonly parameters?: Template;
}

export interface TaskState extends Named, Guarded {
  readonly type: 'Task';
  readonly resource: Resource;
  readonly timeout?: Amount;
  readonly heartbeat?: Amount;
}

/** A number in the definition, or the place in the input that holds it. */
export type Amount =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'path'; readonly path: JsonPath };

/** What a Task calls: a function by its ARN, or the optimised integration `arn:aws:states:::lambda:invoke`. */
export type Resource =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'lambda-invoke'; readonly arn: string };

export interface ChoiceState extends Named, Filtered {
  readonly type: 'Choice';
  readonly choices: readonly { readonly rule: Rule; readonly next: string }[];
  readonly default?: string;
}

export interface WaitState extends Named, Filtered {
  readonly type: 'Wait';
  readonly until: WaitUntil;
  readonly next: Transition;
}

export type WaitUntil =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'seconds-path'; readonly path: JsonPath }
  | { readonly kind: 'timestamp'; readonly epochMs: number }
  | { readonly kind: 'timestamp-path'; readonly path: JsonPath };

export interface SucceedState extends Named, Filtered {
  readonly type: 'Succeed';
}

export interface FailState extends Named {
  readonly type: 'Fail';
  readonly error?: string | Expression;
  readonly cause?: string | Expression;
}

export interface ParallelState extends Named, Guarded {
  readonly type: 'Parallel';
  readonly branches: readonly Program[];
}

export interface MapState extends Named, Guarded {
  readonly type: 'Map';
  readonly processor: Program;
  readonly itemsPath?: JsonPath;
  /** ItemSelector, or the older Parameters. */
  readonly itemSelector?: Template;
  /** 0: as many as {@link INLINE_MAP_CONCURRENCY}. */
  readonly maxConcurrency: Amount;
}

/** Iterations of an inline Map that AWS runs at once at most; so do we. */
export const INLINE_MAP_CONCURRENCY = 40;

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly jitter: 'NONE' | 'FULL';
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly resultPath?: ReferencePath | null;
}
