/**
 * Drives executions: journals each input with the events it causes, and only after the commit carries out what the
 * interpreter asked for. After a crash it replays the journal and does again whatever was still outstanding.
 */
import type { Program } from '../definition/program.ts';
import type { Execution } from '../interpreter/execution.ts';
import type { Command, ExecutionInput } from '../interpreter/protocol.ts';
import { apply, type StepResult } from '../interpreter/step.ts';
import { commitQueue } from './commit-queue.ts';
import type { Journal } from './journal.ts';
import { eventLine, taskLine } from './log-lines.ts';
import type { EnginePolicy, LogRecord } from './options.ts';
import { present } from './present.ts';
import { type ExecutionIdentity, freshExecution, replay } from './replay.ts';
import { taskCall } from './task-call.ts';
import { tasks } from './tasks.ts';
import { timers } from './timers.ts';

interface Running {
  readonly identity: ExecutionIdentity;
  execution: Execution;
  /** Time of the last input: the history of an execution never goes back, even when the wall clock does. */
  lastAt: number;
  /** Calls asked for and timers set, by number. */
  readonly outstanding: Set<number>;
}

/** What kind of input an execution gets; time and entropy are added when it is applied. */
type Happening = ExecutionInput extends infer I
  ? I extends ExecutionInput
    ? Omit<I, 'at' | 'entropy'>
    : never
  : never;

export interface Executor {
  /** Resolves after the commit. `work` may read and write the journal and call {@link Executor.begin} or `stop`. */
  request<T>(work: () => T): Promise<T>;
  /** Inside a request: the first step of a new execution. */
  begin(identity: ExecutionIdentity, program: Program): void;
  /** Inside a request: aborts a running execution. Returns when it stopped, or undefined when it is not running. */
  stop(arn: string, reason: { readonly error?: string; readonly cause?: string }): number | undefined;
  readonly running: number;
  readonly activeTasks: number;
  readonly waitingTasks: number;
  close(): void;
}

export function executor(
  journal: Journal,
  policy: EnginePolicy,
  compile: (definition: string) => Program,
  onCommit: () => void,
): Executor {
  const { runtime } = policy;
  const byId = new Map<number, Running>();
  const byArn = new Map<string, Running>();
  let sequence = journal.nextSequence();
  let closing = false;

  /** Of the batch being written: what becomes true with its commit. */
  let stagedSequence = sequence;
  let staged = new Map<number, Execution>();
  let starting = new Map<string, Running>();
  let startingCount = 0;
  let steps: { readonly running: Running; readonly result: StepResult; readonly sequence: number }[] = [];

  const queue = commitQueue({
    runtime,
    transaction: journal.transaction,
    begin: () => {
      stagedSequence = sequence;
      staged = new Map();
      starting = new Map();
      startingCount = 0;
      steps = [];
    },
    committed: () => {
      sequence = stagedSequence;
      for (const running of starting.values()) adopt(running);
      startingCount = 0;
      const done = steps;
      steps = [];
      for (const step of done) announce(step.running, step.result, step.sequence);
      for (const step of done) perform(step.running, step.result);
      onCommit();
    },
    failed: (error, waiting) => {
      const message = `the journal could not be written; ${waiting} steps wait and are tried again in a moment`;
      policy.onLog({ level: 'error', message, error });
    },
  });
  const clock = timers<{ readonly running: Running; readonly timer: number }>(runtime, (due) => {
    const fired = Map.groupBy(due, ({ value }) => value.running);
    for (const [running, ofOne] of fired) {
      const numbers = ofOne.map(({ value }) => value.timer);
      for (const number of numbers) running.outstanding.delete(number);
      happen(running, { kind: 'timers-fired', timers: numbers });
    }
  });
  const calls = tasks({
    invoke: policy.invoke,
    maxConcurrent: policy.maxConcurrentTasks,
    now: runtime.now,
    observe: (record) => {
      guarded('onTask', () => policy.onTask(record));
      log(taskLine(record));
    },
    settled: (key, outcome) => {
      const [id = '', task = ''] = key.split(':');
      const running = byId.get(Number(id));
      running?.outstanding.delete(Number(task));
      if (running !== undefined) happen(running, { kind: 'task-settled', task: Number(task), outcome });
    },
  });

  const adopt = (running: Running): void => {
    byId.set(running.identity.id, running);
    byArn.set(running.identity.arn, running);
  };
  /** Inside the transaction: applies `happening` and journals it with its events. */
  const step = (running: Running, happening: Happening): StepResult => {
    const before = staged.get(running.identity.id) ?? running.execution;
    running.lastAt = Math.max(running.lastAt, runtime.now());
    const input: ExecutionInput = { ...happening, at: running.lastAt, entropy: runtime.uuid() };
    const result = apply(before, input);
    const { id } = running.identity;
    journal.append(id, stagedSequence, input, result.events, before.lastEventId + 1);
    steps.push({ running, result, sequence: stagedSequence });
    stagedSequence += Math.max(1, result.events.length);
    staged.set(id, result.execution);
    const { status, stoppedAt, output, error, cause } = result.execution;
    if (status !== 'RUNNING')
      journal.closeExecution(id, { status, stoppedAt: stoppedAt ?? input.at, output, error, cause });
    return result;
  };
  const happen = (running: Running, happening: Happening): void => {
    queue.must(() => {
      const current = staged.get(running.identity.id) ?? running.execution;
      if (current.status === 'RUNNING') step(running, happening);
      return () => {};
    });
  };
  /** After the commit: the new state counts, and what it asks for is done. */
  const perform = (running: Running, result: StepResult): void => {
    running.execution = result.execution;
    if (result.execution.status !== 'RUNNING') end(running);
    else for (const command of result.commands) obey(running, command, false);
  };
  const end = (running: Running): void => {
    for (const number of running.outstanding) {
      clock.clear(keyOf(running, number));
      calls.abort(keyOf(running, number));
    }
    running.outstanding.clear();
    byId.delete(running.identity.id);
    byArn.delete(running.identity.arn);
  };
  const obey = (running: Running, command: Command, resumed: boolean): void => {
    // The journal has it: the next engine on this file will do it.
    if (closing) return;
    switch (command.kind) {
      case 'invoke':
        running.outstanding.add(command.task);
        calls.start(keyOf(running, command.task), taskCall(running.identity, command, resumed));
        return;
      case 'abort-task':
        running.outstanding.delete(command.task);
        calls.abort(keyOf(running, command.task));
        return;
      case 'set-timer':
        running.outstanding.add(command.timer);
        clock.set(keyOf(running, command.timer), command.dueAt, { running, timer: command.timer });
        return;
      case 'clear-timer':
        running.outstanding.delete(command.timer);
        clock.clear(keyOf(running, command.timer));
        return;
      case 'continue':
        happen(running, { kind: 'continued' });
        break;
    }
  };
  const announce = (running: Running, result: StepResult, first: number): void => {
    const { identity } = running;
    const common = {
      executionArn: identity.arn,
      executionName: identity.name,
      stateMachineName: identity.machineName,
      correlationId: identity.correlationId,
      ...present({ traceparent: identity.traceparent }),
    };
    result.events.forEach((event, i) => {
      const record = { sequence: first + i, ...common, event };
      guarded('onEvent', () => policy.onEvent(record));
      log(eventLine(record));
    });
  };
  const log = (line: LogRecord | undefined): void => {
    if (line !== undefined) policy.onLog(line);
  };
  const guarded = (hook: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      policy.onLog({ level: 'error', message: `the ${hook} hook threw; the engine goes on`, error });
    }
  };
  const resume = (): void => {
    for (const row of journal.running()) {
      const { execution, lastAt, open } = replay(row, compile(row.definition), journal.inputs(row.id));
      const running: Running = { identity: row, execution, lastAt, outstanding: new Set() };
      adopt(running);
      for (const command of open) obey(running, command, true);
    }
    if (byId.size > 0)
      policy.onLog({ level: 'info', message: `resumed ${byId.size} executions from the journal` });
  };
  resume();

  return {
    request: (work) => queue.request(work),
    begin: (identity, program) => {
      const running: Running = {
        identity,
        execution: freshExecution(identity, program),
        lastAt: 0,
        outstanding: new Set(),
      };
      starting.set(identity.arn, running);
      if (step(running, { kind: 'started' }).execution.status === 'RUNNING') startingCount += 1;
    },
    stop: (arn, reason) => {
      const running = byArn.get(arn) ?? starting.get(arn);
      const current = running && (staged.get(running.identity.id) ?? running.execution);
      if (running === undefined || current?.status !== 'RUNNING') return undefined;
      return step(running, { kind: 'stopped', ...reason }).execution.stoppedAt;
    },
    get running() {
      return byId.size + startingCount;
    },
    get activeTasks() {
      return calls.active;
    },
    get waitingTasks() {
      return calls.waiting;
    },
    close: () => {
      closing = true;
      queue.close();
      clock.close();
      calls.close();
    },
  };
}

function keyOf(running: Running, number: number): string {
  return `${running.identity.id}:${number}`;
}
