/** Runs an execution to its end in simulated time, with the interpreter alone: no clock, no disk, no network. */
import { compileDefinition } from '../definition/compile.ts';
import { printProblem } from '../definition/problem.ts';
import type { Program } from '../definition/program.ts';
import { type Execution, newExecution } from '../interpreter/execution.ts';
import type { HistoryEvent } from '../interpreter/history.ts';
import type { Command, ExecutionInput, InvokeCommand, TaskOutcome } from '../interpreter/protocol.ts';
import { apply } from '../interpreter/step.ts';
import type { Json } from '../json/json.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';

/** How a call goes: the outcome and how long it takes, or `never`. */
export type Answer = { readonly outcome: TaskOutcome; readonly afterMs?: number } | 'never';

export interface Simulation {
  readonly execution: Execution;
  readonly events: readonly HistoryEvent[];
  readonly inputs: readonly ExecutionInput[];
  readonly commands: readonly Command[];
  readonly calls: readonly InvokeCommand[];
}

export interface SimulationOptions {
  readonly definition: Json;
  readonly input?: Json;
  readonly answer?: (call: InvokeCommand, nth: number) => Answer;
  /** Stops the execution at this time after its start. */
  readonly stopAfterMs?: number;
}

type Happening = ExecutionInput extends infer I
  ? I extends ExecutionInput
    ? Omit<I, 'at' | 'entropy'>
    : never
  : never;

function succeed(): Answer {
  return { outcome: { ok: true, output: {} } };
}

/** Bounds every simulation: a machine that loops for ever stops here. */
const MAX_STEPS = 2_000;

export function program(definition: Json): Program {
  const compiled = compileDefinition(JSON.stringify(definition));
  if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
  return compiled.program;
}

export function begin(definition: Json, input: Json = {}): Execution {
  const facts = {
    arn: 'arn:aws:states:us-east-1:000000000000:execution:m:e',
    name: 'e',
    roleArn: 'arn:aws:iam::000000000000:role/r',
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
    stateMachineName: 'm',
    input: JSON.stringify(input),
  };
  return newExecution(facts, program(definition));
}

export function simulate(options: SimulationOptions): Simulation {
  const { answer = succeed, stopAfterMs } = options;
  const events: HistoryEvent[] = [];
  const inputs: ExecutionInput[] = [];
  const commands: Command[] = [];
  const calls: InvokeCommand[] = [];
  const pending = new Map<number, { readonly at: number; readonly happening: Happening }>();
  let execution = begin(options.definition, options.input);
  let now = START_MS;
  let more: Happening | undefined = { kind: 'started' };

  const obey = (command: Command): void => {
    switch (command.kind) {
      case 'invoke': {
        calls.push(command);
        const reply = answer(command, calls.length);
        if (reply === 'never') return;
        const happening = { kind: 'task-settled', task: command.task, outcome: reply.outcome } as const;
        pending.set(command.task, { at: now + (reply.afterMs ?? 1), happening });
        return;
      }
      case 'set-timer':
        pending.set(command.timer, {
          at: command.dueAt,
          happening: { kind: 'timers-fired', timers: [command.timer] },
        });
        return;
      case 'abort-task':
        pending.delete(command.task);
        return;
      case 'clear-timer':
        pending.delete(command.timer);
        return;
      case 'continue':
        more = { kind: 'continued' };
    }
  };
  /** The next thing to happen; timers that are due together come together. */
  const next = (): Happening | undefined => {
    const at = Math.min(...[...pending.values()].map((entry) => entry.at), stopAt());
    if (at === Number.POSITIVE_INFINITY) return undefined;
    now = Math.max(now, at);
    if (at === stopAt()) return { kind: 'stopped', error: 'Stopped', cause: 'by hand' };
    const due = [...pending].filter(([, entry]) => entry.at === at);
    const timers = due.flatMap(([, { happening }]) =>
      happening.kind === 'timers-fired' ? happening.timers : [],
    );
    const [first] = due;
    if (timers.length === 0 && first !== undefined) {
      pending.delete(first[0]);
      return first[1].happening;
    }
    for (const timer of timers) pending.delete(timer);
    return { kind: 'timers-fired', timers };
  };
  const stopAt = (): number =>
    stopAfterMs === undefined ? Number.POSITIVE_INFINITY : START_MS + stopAfterMs;

  for (let step = 0; step < MAX_STEPS && more !== undefined; step += 1) {
    const input: ExecutionInput = { ...more, at: now, entropy: `step ${step}` };
    more = undefined;
    const result = apply(execution, input);
    inputs.push(input);
    events.push(...result.events);
    commands.push(...result.commands);
    execution = result.execution;
    if (execution.status !== 'RUNNING') break;
    for (const command of result.commands) obey(command);
    more ??= next();
  }
  return { execution, events, inputs, commands, calls };
}

/** One line an event: `3<2 TaskStateEntered S +5ms`, the name or index when there is one, the time when it moved. */
export function lines(events: readonly HistoryEvent[]): readonly string[] {
  let last = START_MS;
  return events.map(({ id, previousEventId, type, timestamp, details = {} }) => {
    const about = [details['name'], details['index'], details['error']].filter((each) => each !== undefined);
    const time = timestamp === last ? [] : [`+${timestamp - last}ms`];
    last = timestamp;
    return [`${id}<${previousEventId}`, type, ...about, ...time].join(' ');
  });
}
