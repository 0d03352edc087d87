/** Rebuilds an execution from its journal: the state it was in, and what it had asked for and not yet got. */
import type { Program } from '../definition/program.ts';
import { type Execution, newExecution } from '../interpreter/execution.ts';
import type { Command, ExecutionInput } from '../interpreter/protocol.ts';
import { apply } from '../interpreter/step.ts';
import type { ExecutionRow } from './rows.ts';

/** What the executor must know about an execution besides its state. */
export type ExecutionIdentity = Pick<
  ExecutionRow,
  | 'id'
  | 'arn'
  | 'name'
  | 'machineArn'
  | 'machineName'
  | 'roleArn'
  | 'input'
  | 'correlationId'
  | 'traceparent'
  | 'traceHeader'
>;

export interface Replayed {
  readonly execution: Execution;
  /** Time of the last input, epoch ms; 0 when there is none. */
  readonly lastAt: number;
  /** Commands that no input has answered: calls to make again, timers to set again. In the order they were given. */
  readonly open: readonly Command[];
}

/** An execution that has had no input yet. */
export function freshExecution(identity: ExecutionIdentity, program: Program): Execution {
  const facts = {
    arn: identity.arn,
    name: identity.name,
    roleArn: identity.roleArn,
    stateMachineArn: identity.machineArn,
    stateMachineName: identity.machineName,
    input: identity.input,
  };
  return newExecution(facts, program);
}

/** Applies `inputs` in order. Law: any prefix of them, then the rest, gives what all at once give. */
export function replay(
  identity: ExecutionIdentity,
  program: Program,
  inputs: readonly ExecutionInput[],
): Replayed {
  let execution = freshExecution(identity, program);
  const open = new Map<string, Command>();
  for (const input of inputs) {
    for (const key of answeredBy(input)) open.delete(key);
    const result = apply(execution, input);
    execution = result.execution;
    for (const command of result.commands) {
      if (command.kind === 'abort-task' || command.kind === 'clear-timer') open.delete(keyOf(command));
      else open.set(keyOf(command), command);
    }
  }
  return { execution, lastAt: inputs.at(-1)?.at ?? 0, open: [...open.values()] };
}

function answeredBy(input: ExecutionInput): readonly string[] {
  switch (input.kind) {
    case 'task-settled':
      return [String(input.task)];
    case 'timers-fired':
      return input.timers.map(String);
    case 'continued':
      return ['continue'];
    case 'started':
    case 'stopped':
      return [];
  }
}

/** Tasks and timers are numbered from one series, so the number alone tells them apart. */
function keyOf(command: Command): string {
  switch (command.kind) {
    case 'invoke':
    case 'abort-task':
      return String(command.task);
    case 'set-timer':
    case 'clear-timer':
      return String(command.timer);
    case 'continue':
      return 'continue';
  }
}
