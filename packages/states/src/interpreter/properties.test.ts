/**
 * Laws of the interpreter over random state machines: generated with every state type nested in every other, run with
 * random results, failures and timeouts. Each property says at the end which interesting states it has reached.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshExecution, replay } from '../engine/replay.ts';
import { seededRandom } from '../intrinsics/random.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { parseJson } from '../json/json.ts';
import { type Answer, FUNCTION, program, type Simulation, simulate } from '../testing/simulate.fixture.ts';
import type { Execution } from './execution.ts';
import type { HistoryEvent } from './history.ts';
import type { Command, ExecutionInput, InvokeCommand } from './protocol.ts';
import { apply } from './step.ts';

type Shape =
  | { readonly kind: 'pass' | 'task' | 'bare' | 'wait' | 'fail' | 'uuid' }
  | { readonly kind: 'choice' | 'parallel'; readonly branches: readonly (readonly Shape[])[] }
  | {
      readonly kind: 'map';
      readonly items: number;
      readonly concurrency: number;
      readonly body: readonly Shape[];
    };

const { sequence } = fc.letrec<{ shape: Shape; sequence: readonly Shape[] }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'shape', withCrossShrink: true },
    fc.constantFrom<Shape[]>(
      { kind: 'pass' },
      { kind: 'task' },
      { kind: 'task' },
      { kind: 'wait' },
      { kind: 'bare' },
      { kind: 'uuid' },
    ),
    fc.record({
      kind: fc.constant('parallel' as const),
      branches: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('choice' as const),
      branches: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('map' as const),
      items: fc.nat(4),
      concurrency: fc.nat(2),
      body: tie('sequence'),
    }),
    fc.constant<Shape>({ kind: 'fail' }),
  ),
  sequence: fc.array(tie('shape'), { minLength: 1, maxLength: 3, depthIdentifier: 'shape' }),
}));

/** Compiles shapes to a machine whose state names are all different. */
function machineOf(shapes: readonly Shape[], names = { last: 0 }): JsonObject {
  const states: { [name: string]: Json } = {};
  const list = shapes.map((shape) => {
    names.last += 1;
    return { shape, name: `${shape.kind}-${names.last}` };
  });
  list.forEach(({ shape, name }, i) => {
    const next = list[i + 1]?.name;
    Object.assign(states, stateOf(shape, name, next === undefined ? { End: true } : { Next: next }, names));
  });
  return { StartAt: list[0]?.name ?? '', States: states };
}

function stateOf(
  shape: Shape,
  name: string,
  on: JsonObject,
  names: { last: number },
): { readonly [name: string]: Json } {
  const retry = {
    Retry: [{ ErrorEquals: ['Odd'], IntervalSeconds: 1, MaxAttempts: 1, JitterStrategy: 'FULL' }],
  };
  const guarded = {
    ...retry,
    Catch: [{ ErrorEquals: ['Even', 'States.Timeout'], ResultPath: null, Next: `caught-${name}` }],
  };
  const caught = { [`caught-${name}`]: { Type: 'Pass', ...on } };
  switch (shape.kind) {
    case 'pass':
      return { [name]: { Type: 'Pass', ...on } };
    case 'uuid':
      return { [name]: { Type: 'Pass', Parameters: { 'u.$': 'States.UUID()' }, ResultPath: null, ...on } };
    case 'bare':
      return { [name]: { Type: 'Task', Resource: FUNCTION, ResultPath: null, TimeoutSeconds: 2, ...on } };
    case 'wait':
      return { [name]: { Type: 'Wait', Seconds: 2, ...on } };
    case 'fail':
      return {
        [name]: {
          Type: 'Parallel',
          Branches: [{ StartAt: `${name}-f`, States: { [`${name}-f`]: { Type: 'Fail', Error: 'Even' } } }],
          ResultPath: null,
          ...guarded,
          ...on,
        },
        ...caught,
      };
    case 'task':
      return {
        [name]: { Type: 'Task', Resource: FUNCTION, TimeoutSeconds: 3, ResultPath: null, ...guarded, ...on },
        ...caught,
      };
    case 'choice':
      return choiceOf(shape.branches, name, on, names);
    case 'parallel':
      return {
        [name]: {
          Type: 'Parallel',
          Branches: shape.branches.map((branch) => machineOf(branch, names)),
          ResultPath: null,
          ...guarded,
          ...on,
        },
        ...caught,
      };
    case 'map': {
      const range = {
        Type: 'Pass',
        Parameters: { 'list.$': `States.ArrayRange(1, ${shape.items}, 1)` },
        ResultPath: '$.m',
        Next: `${name}-m`,
      };
      const map = {
        Type: 'Map',
        ItemsPath: '$.m.list',
        ItemSelector: {},
        MaxConcurrency: shape.concurrency,
        ItemProcessor: machineOf(shape.body, names),
      };
      return { [name]: range, [`${name}-m`]: { ...map, ResultPath: null, ...guarded, ...on }, ...caught };
    }
  }
}

function choiceOf(
  branches: readonly (readonly Shape[])[],
  name: string,
  on: JsonObject,
  names: { last: number },
): { readonly [name: string]: Json } {
  const parts = branches.map((branch) => {
    names.last += 1;
    return { name: `${name}-${names.last}`, machine: machineOf(branch, names) };
  });
  const states = parts.map((part) => [
    part.name,
    { Type: 'Parallel', Branches: [part.machine], ResultPath: null, ...on },
  ]);
  const choices = parts
    .slice(1)
    .map((part) => ({ Variable: '$$.Execution.Input', IsNull: true, Next: part.name }));
  const rule =
    choices.length > 0 ? choices : [{ Variable: '$.no', IsPresent: true, Next: parts[0]?.name ?? '' }];
  return {
    [name]: { Type: 'Choice', Choices: rule, Default: parts[0]?.name ?? '' },
    ...Object.fromEntries(states),
  };
}

/** A random answer for each call, fixed by its token: results, both kinds of errors, and calls that never return. */
function answer(call: InvokeCommand): Answer {
  const random = seededRandom(call.token);
  const draw = random.next();
  const afterMs = Math.ceil(random.next() * 2_500);
  if (draw < 0.1) return 'never';
  if (draw < 0.3) return { outcome: { ok: false, error: draw < 0.2 ? 'Odd' : 'Even' }, afterMs };
  return { outcome: { ok: true, output: { draw } }, afterMs };
}

const identity = {
  id: 1,
  arn: 'arn:aws:states:us-east-1:000000000000:execution:m:e',
  name: 'e',
  machineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
  machineName: 'm',
  roleArn: 'arn:aws:iam::000000000000:role/r',
  input: '{}',
  correlationId: 'c',
};

/** Runs the property over 300 machines, the same each time, and returns every event type that came up. */
function forMachines(
  property: (definition: JsonObject, run: Simulation, cut: number) => void,
): ReadonlySet<string> {
  const reached = new Set<string>();
  fc.assert(
    fc.property(sequence, fc.nat(1_000), (shapes, cut) => {
      const definition = machineOf(shapes);
      const run = simulate({ definition, answer });
      for (const { type } of run.events) reached.add(type);
      property(definition, run, cut);
    }),
    { numRuns: 300, seed: 20_261_124 },
  );
  return reached;
}

const INTERESTING = [
  'ExecutionSucceeded',
  'ExecutionFailed',
  'ParallelStateFailed',
  'MapIterationFailed',
  'MapStateSucceeded',
  'LambdaFunctionTimedOut',
  'TaskStateAborted',
];

describe('replay', () => {
  test('the journal, written and read again, cut anywhere, gives the same execution and the same open commands', () => {
    const reached = forMachines((definition, run, cut) => {
      const compiled = program(definition);
      const journal = run.inputs.map((input): ExecutionInput => JSON.parse(JSON.stringify(input)));
      const at = cut % (journal.length + 1);
      const part = replay(identity, compiled, journal.slice(0, at));
      let execution = part.execution;
      const events: HistoryEvent[] = run.events.slice(0, execution.lastEventId);
      for (const input of journal.slice(at)) {
        const result = apply(execution, input);
        execution = result.execution;
        events.push(...result.events);
      }
      expect(events).toEqual(run.events);
      expect(execution.status).toBe(run.execution.status);
      expect(execution.output).toBe(run.execution.output);
      // What a restart does again is exactly what the threads of the execution wait for.
      expect(part.open.map(subject).sort()).toEqual(waitedFor(part.execution).sort());
    });
    expect([...reached]).toEqual(expect.arrayContaining(INTERESTING));
  });
});

function subject(command: Command): string {
  if (command.kind === 'continue') return 'continue';
  return 'task' in command ? `task ${command.task}` : `timer ${command.timer}`;
}

function waitedFor(execution: Execution): string[] {
  if (execution.status !== 'RUNNING') return [];
  const waits = [...execution.threads.values()].flatMap(({ wait }) => {
    if (wait.kind === 'timer') return [`timer ${wait.timer}`];
    if (wait.kind !== 'task') return [];
    const timers = [wait.timeout, wait.heartbeat].filter((timer) => timer !== undefined);
    return [`task ${wait.task}`, ...timers.map((timer) => `timer ${timer}`)];
  });
  return execution.runnable.length > 0 ? [...waits, 'continue'] : waits;
}

describe('history', () => {
  test('ids count up, every event follows an earlier one, and the last says how it ended', () => {
    const reached = forMachines((_definition, { events, execution }) => {
      expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
      expect(events.filter(({ id, previousEventId }) => previousEventId >= id)).toEqual([]);
      expect(events.filter(({ previousEventId }) => previousEventId === 0).map(({ id }) => id)).toEqual([
        1, 2,
      ]);
      const ends = events.filter(({ type }) => /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type));
      expect(ends).toEqual([events.at(-1)]);
      expect(execution.status).not.toBe('RUNNING');
    });
    expect([...reached]).toEqual(expect.arrayContaining(INTERESTING));
  });

  test('in an execution that succeeds, what was entered was left, aborted or has failed', () => {
    let succeeded = 0;
    forMachines((_definition, { events, execution }) => {
      if (execution.status !== 'SUCCEEDED') return;
      succeeded += 1;
      const count = (pattern: RegExp): number => events.filter(({ type }) => pattern.test(type)).length;
      const entered = count(/^(Task|Wait|Map|Parallel)StateEntered$/);
      const left = count(/^(Task|Wait|Map|Parallel)StateExited$/);
      const aborted = count(/StateAborted$/);
      // A state that failed inside a branch has no event of its own; there is one such at most for each failed parent.
      const failed = count(/^(Map|Parallel)StateFailed$/) + count(/^(Map|Parallel)StateStarted$/);
      expect(entered).toBeGreaterThanOrEqual(left);
      expect(entered - left - aborted).toBeLessThanOrEqual(failed);
    });
    expect(succeeded).toBeGreaterThan(20);
  });
});

describe('purity', () => {
  test('a step changes neither the execution nor the input it was given', () => {
    forMachines((definition, { inputs }) => {
      let execution = deepFreeze(freshExecution(identity, program(definition)));
      for (const input of inputs) {
        const result = apply(execution, deepFreeze(input));
        execution = deepFreeze(result.execution);
      }
    });
  });

  test('every token is used for one call, every number for one task or timer', () => {
    forMachines((_definition, { calls, commands }) => {
      const tokens = calls.map(({ token }) => token);
      expect(new Set(tokens).size).toBe(tokens.length);
      const numbers = commands.flatMap((command) =>
        command.kind === 'invoke' ? [command.task] : command.kind === 'set-timer' ? [command.timer] : [],
      );
      expect(new Set(numbers).size).toBe(numbers.length);
    });
  });
});

/** Freezes plain data; a Map is emptied of its setters instead, since freezing does not stop them. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const each of value.values()) deepFreeze(each);
    const refuse = (): never => {
      throw new Error('a frozen Map was changed');
    };
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
    return value;
  }
  for (const each of Object.values(value)) deepFreeze(each);
  return Object.freeze(value);
}

test('the generator makes valid machines of every kind of state', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(sequence, (shapes) => {
      const text = JSON.stringify(machineOf(shapes));
      for (const [, kind = ''] of text.matchAll(/"Type":"(\w+)"/g)) kinds.add(kind);
      expect(() => program(parseJson(text))).not.toThrow();
    }),
  );
  expect([...kinds].sort()).toEqual(['Choice', 'Fail', 'Map', 'Parallel', 'Pass', 'Task', 'Wait']);
});
