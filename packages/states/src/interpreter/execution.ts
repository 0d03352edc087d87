/** The state of one execution, as plain immutable data: everything the interpreter knows between two inputs. */
import type { Program } from '../definition/program.ts';
import type { Json } from '../json/json.ts';

/** What never changes about an execution. */
export interface ExecutionFacts {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** The JSON text the caller gave. */
  readonly input: string;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  readonly facts: ExecutionFacts;
  readonly program: Program;
  readonly status: ExecutionStatus;
  /** Epoch ms of the first input; 0 before it. */
  readonly startedAt: number;
  /** Epoch ms; set when `status` is no longer RUNNING. */
  readonly stoppedAt?: number;
  /** JSON text; set when SUCCEEDED. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly lastEventId: number;
  /** The last number given to a thread, task or timer. */
  readonly lastId: number;
  readonly threads: ReadonlyMap<number, Thread>;
  /** Threads with work left when the step budget ran out, in turn. */
  readonly runnable: readonly number[];
}

/** One line of control: the machine itself, a branch of a Parallel state, or an iteration of a Map state. */
export interface Thread {
  readonly id: number;
  readonly program: Program;
  readonly parent?: { readonly thread: number; readonly index: number };
  /** Where it runs, for example `/Ship[2]`; empty for the machine itself. */
  readonly path: string;
  /** The current state and the input it was entered with, as value and as text. */
  readonly state: string;
  readonly input: Json;
  readonly inputText: string;
  /** Epoch ms and event id of the entry; `enteredEventId` is 0 until the state has been entered. */
  readonly enteredAt: number;
  readonly enteredEventId: number;
  /** The event that the next one of this thread follows. */
  readonly previousEventId: number;
  /** How often each Retry entry of the current state has been used. */
  readonly retries: readonly number[];
  /** `$$.Map.Item` inside an iteration. */
  readonly item?: { readonly index: number; readonly value: Json };
  readonly wait: Waiting;
}

/** What a thread waits for. */
export type Waiting =
  | { readonly kind: 'turn' }
  | { readonly kind: 'task'; readonly task: number; readonly timeout?: number; readonly heartbeat?: number }
  | { readonly kind: 'timer'; readonly timer: number; readonly purpose: 'exit' | 'retry' }
  | Gathering
  | { readonly kind: 'gathered'; readonly results: readonly Json[] };

/** A Parallel or Map state with threads below it. */
export interface Gathering {
  readonly kind: 'children';
  /** Map: the items, and what ItemSelector made of them. Empty for Parallel. */
  readonly items: readonly Json[];
  readonly inputs: readonly Json[];
  /** Index of the next iteration to start. */
  readonly next: number;
  readonly running: number;
  /** By index; null until the child has ended. */
  readonly results: readonly Json[];
}

/** An execution before its first input (`started`). */
export function newExecution(facts: ExecutionFacts, program: Program): Execution {
  return {
    facts,
    program,
    status: 'RUNNING',
    startedAt: 0,
    lastEventId: 0,
    lastId: 0,
    threads: new Map(),
    runnable: [],
  };
}
