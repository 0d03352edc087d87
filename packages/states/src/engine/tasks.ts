/** Carries out the calls that executions ask for, a bounded number at once, the rest waiting in line. */
import { HoldfastError } from '@holdfast/core';
import type { Resource } from '../definition/program.ts';
import { dataLimitCause, exceedsPayloadLimit } from '../interpreter/io.ts';
import type { TaskOutcome } from '../interpreter/protocol.ts';
import type { Json } from '../json/json.ts';

/** One call of a task, with everything an invoker or a tracer needs to know about it. */
export interface TaskCall {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineName: string;
  readonly stateName: string;
  /** 1 for the first try of this entry of the state. */
  readonly attempt: number;
  /** The same when the engine repeats the call after a crash; different for every attempt of States Language. */
  readonly token: string;
  /** The engine was restarted and cannot know whether this call has been made before. */
  readonly resumed: boolean;
  readonly resource: Resource;
  /** The function's payload, or the request of lambda:invoke. */
  readonly parameters: Json;
  readonly correlationId: string;
  readonly traceparent?: string;
  /** AWS's X-Ray header, as given to StartExecution. */
  readonly traceHeader?: string;
}

/**
 * Makes one call and says how it ended. Must give up when `signal` aborts: the state timed out, or its execution
 * ended. A rejection counts as a failure named `States.TaskFailed`.
 */
export type TaskInvoker = (call: TaskCall, signal: AbortSignal) => Promise<TaskOutcome>;

/** Told of each call for tracing: when it is asked for, when it begins and how it ended. */
export type TaskRecord =
  | { readonly phase: 'scheduled' | 'started'; readonly call: TaskCall; readonly at: number }
  | {
      readonly phase: 'ended';
      readonly call: TaskCall;
      readonly at: number;
      readonly outcome: TaskOutcome | 'aborted';
    };

export interface Tasks {
  start(key: string, call: TaskCall): void;
  abort(key: string): void;
  close(): void;
  readonly active: number;
  readonly waiting: number;
}

export interface TasksOptions {
  readonly invoke: TaskInvoker;
  readonly maxConcurrent: number;
  readonly now: () => number;
  readonly observe: (record: TaskRecord) => void;
  readonly settled: (key: string, outcome: TaskOutcome) => void;
}

export function tasks(options: TasksOptions): Tasks {
  const line = new Map<string, TaskCall>();
  const calls = new Map<string, { readonly call: TaskCall; readonly controller: AbortController }>();
  const observe = (record: TaskRecord): void => options.observe(record);

  const begin = (key: string, call: TaskCall): void => {
    const controller = new AbortController();
    calls.set(key, { call, controller });
    observe({ phase: 'started', call, at: options.now() });
    perform(options.invoke, call, controller.signal).then((outcome) => end(key, controller, outcome));
  };
  const end = (key: string, controller: AbortController, outcome: TaskOutcome): void => {
    const entry = calls.get(key);
    if (entry?.controller !== controller) return;
    calls.delete(key);
    observe({ phase: 'ended', call: entry.call, at: options.now(), outcome });
    options.settled(key, outcome);
    fill();
  };
  const fill = (): void => {
    for (const [key, call] of line) {
      if (calls.size >= options.maxConcurrent) return;
      line.delete(key);
      begin(key, call);
    }
  };
  const abort = (key: string): void => {
    line.delete(key);
    const entry = calls.get(key);
    if (entry === undefined) return;
    calls.delete(key);
    entry.controller.abort();
    observe({ phase: 'ended', call: entry.call, at: options.now(), outcome: 'aborted' });
    fill();
  };
  return {
    start: (key, call) => {
      observe({ phase: 'scheduled', call, at: options.now() });
      line.set(key, call);
      fill();
    },
    abort,
    close: () => {
      line.clear();
      for (const key of [...calls.keys()]) abort(key);
    },
    get active() {
      return calls.size;
    },
    get waiting() {
      return line.size;
    },
  };
}

async function perform(invoke: TaskInvoker, call: TaskCall, signal: AbortSignal): Promise<TaskOutcome> {
  try {
    return bounded(await invoke(call, signal), call);
  } catch (error) {
    const code = error instanceof HoldfastError ? `${error.code}: ` : '';
    return {
      ok: false,
      error: 'States.TaskFailed',
      cause: `${code}${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** AWS's limits on what a call may return: results of 256 KiB, error names of 256 and causes of 32,768 characters. */
function bounded(outcome: TaskOutcome, call: TaskCall): TaskOutcome {
  if (!outcome.ok) {
    const { error, cause } = outcome;
    return {
      ok: false,
      error: error.slice(0, 256),
      ...(cause === undefined ? {} : { cause: cause.slice(0, 32_768) }),
    };
  }
  if (!exceedsPayloadLimit(JSON.stringify(outcome.output))) return outcome;
  const who = call.resource.kind === 'function' ? call.resource.arn : 'lambda';
  return { ok: false, error: 'States.DataLimitExceeded', cause: dataLimitCause(who) };
}
