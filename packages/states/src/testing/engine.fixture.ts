/** Engines on temporary files, and ways to wait for what they do without looking at the clock. */
import { join } from 'node:path';
import type { VirtualRuntime } from '@holdfast/core';
import type { Engine } from '../engine/api.ts';
import { openEngine } from '../engine/engine.ts';
import type { EngineOptions } from '../engine/options.ts';
import type { TaskInvoker } from '../engine/tasks.ts';
import type { HistoryEvent } from '../interpreter/history.ts';
import type { Json } from '../json/json.ts';
import { temporaryFolder } from './processes.fixture.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/any';
export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';

export const echo: TaskInvoker = async (call) => ({ ok: true, output: call.parameters });

export interface TemporaryEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** Closes the engine and opens another one on the same file. */
  reopen(options?: Partial<EngineOptions>): Promise<Engine>;
  readonly path: string;
}

export async function temporaryEngine(options: Partial<EngineOptions> = {}): Promise<TemporaryEngine> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'states.sqlite');
  const open = (more: Partial<EngineOptions>): Engine =>
    openEngine({ path, invoke: echo, ...options, ...more });
  const first = open({});
  let current = first;
  return {
    engine: first,
    path,
    reopen: async (more = {}) => {
      await current[Symbol.asyncDispose]();
      current = open(more);
      return current;
    },
    [Symbol.asyncDispose]: async () => {
      await current[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Creates a machine of `states` (the first is the start) and starts it. */
export async function run(
  engine: Engine,
  states: { readonly [name: string]: Json },
  input: Json = {},
  name = 'm',
): Promise<string> {
  const definition = JSON.stringify({ StartAt: Object.keys(states)[0] ?? '', States: states });
  const { stateMachineArn } = await engine.createStateMachine({ name, definition, roleArn: ROLE });
  return (await engine.startExecution({ stateMachineArn, input: JSON.stringify(input) })).executionArn;
}

/** Resolves with the first event of `executionArn` whose type begins with `type`. */
export async function until(engine: Engine, executionArn: string, type: string): Promise<HistoryEvent> {
  for await (const record of engine.feed(0)) {
    if (record.executionArn === executionArn && record.event.type.startsWith(type)) return record.event;
  }
  throw new Error('the engine closed before it happened');
}

/** Resolves when the execution has ended, with its last event. */
export async function ended(engine: Engine, executionArn: string): Promise<HistoryEvent> {
  for await (const { executionArn: arn, event } of engine.feed(0)) {
    if (arn === executionArn && /^Execution(?!Started)/.test(event.type)) return event;
  }
  throw new Error('the engine closed before the execution ended');
}

/** Moves virtual time on, a little at a time and with room for commits in between, until `promise` settles. */
export async function inVirtualTime<T>(runtime: VirtualRuntime, promise: Promise<T>): Promise<T> {
  let done = false;
  const watched = promise.finally(() => {
    done = true;
  });
  for (let step = 0; step < 100_000 && !done; step += 1) {
    for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (!done) await runtime.advance(250);
  }
  return watched;
}
