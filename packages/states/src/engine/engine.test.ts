import { DatabaseSync } from 'node:sqlite';
import { InvalidOptionsError, virtualRuntime } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json/json.ts';
import {
  echo,
  ended,
  FUNCTION,
  inVirtualTime,
  ROLE,
  run,
  temporaryEngine,
  until,
} from '../testing/engine.fixture.ts';
import type { Engine } from './api.ts';
import { SCHEMA_VERSION } from './database.ts';
import { openEngine } from './engine.ts';
import {
  DataInUseError,
  DataUnreadableError,
  EngineUnavailableError,
  RequestRefusedError,
} from './errors.ts';
import type { EventRecord, LogRecord } from './options.ts';
import type { TaskCall, TaskInvoker, TaskRecord } from './tasks.ts';

const PASS = JSON.stringify({ StartAt: 'S', States: { S: { Type: 'Pass', End: true } } });
const LATER = JSON.stringify({ StartAt: 'S', States: { S: { Type: 'Wait', Seconds: 60, End: true } } });
const NOWHERE = 'arn:aws:states:us-east-1:000000000000:stateMachine:nowhere';
const NOBODY = 'arn:aws:states:us-east-1:000000000000:execution:m:nobody';

/** A call that ends when its signal does, after telling that it began. */
function hanging(begun: (call: TaskCall, signal: AbortSignal) => void): TaskInvoker {
  return (call, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      begun(call, signal);
    });
}

describe('state machines', () => {
  test('are created once, described, updated, listed and deleted', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const request = { name: 'm', definition: PASS, roleArn: ROLE };
    const first = await engine.createStateMachine(request);
    expect(await engine.createStateMachine(request)).toEqual(first);
    expect(first.stateMachineArn).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:m');
    const { updateDateMs, revisionId } = await engine.updateStateMachine({
      stateMachineArn: first.stateMachineArn,
      definition: LATER,
    });
    expect(await engine.describeStateMachine(first)).toEqual({
      stateMachineArn: first.stateMachineArn,
      name: 'm',
      definition: LATER,
      roleArn: ROLE,
      creationDateMs: first.creationDateMs,
      updateDateMs,
      revisionId,
    });
    await engine.createStateMachine({ ...request, name: 'n' });
    const page = await engine.listStateMachines({ maxResults: 1 });
    expect(page.stateMachines.map(({ name }) => name)).toEqual(['m']);
    const rest = await engine.listStateMachines({ maxResults: 1, nextToken: page.nextToken ?? '' });
    expect(rest.stateMachines.map(({ name }) => name)).toEqual(['n']);
    expect(rest.nextToken).toBeUndefined();
    await engine.deleteStateMachine(first);
    await expect(engine.describeStateMachine(first)).rejects.toMatchObject({
      awsName: 'StateMachineDoesNotExist',
    });
  });

  test('an execution keeps the definition it was started with', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: PASS,
      roleArn: ROLE,
    });
    const { executionArn } = await engine.startExecution({ stateMachineArn });
    await engine.updateStateMachine({ stateMachineArn, definition: LATER });
    expect((await engine.describeStateMachineForExecution({ executionArn })).definition).toBe(PASS);
  });
});

describe('refusals change nothing and say why', () => {
  const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
  test.each<
    [why: string, request: (engine: Engine) => Promise<unknown>, awsName: string, message: string | RegExp]
  >([
    [
      'a name with a space',
      (e) => e.createStateMachine({ name: 'a b', definition: PASS, roleArn: ROLE }),
      'InvalidName',
      "Invalid Name: 'a b'",
    ],
    [
      'a name of 81',
      (e) => e.createStateMachine({ name: 'x'.repeat(81), definition: PASS, roleArn: ROLE }),
      'InvalidName',
      /^Invalid Name/,
    ],
    [
      'a definition of nothing',
      (e) => e.createStateMachine({ name: 'n', definition: '{"StartAt":"S"}', roleArn: ROLE }),
      'InvalidDefinition',
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
    ],
    [
      'another definition under the name',
      (e) => e.createStateMachine({ name: 'm', definition: LATER, roleArn: ROLE }),
      'StateMachineAlreadyExists',
      `State Machine Already Exists: '${ARN}'`,
    ],
    [
      'an update of nothing',
      (e) => e.updateStateMachine({ stateMachineArn: ARN }),
      'MissingRequiredParameter',
      /^Either the definition/,
    ],
    [
      'a bad update',
      (e) => e.updateStateMachine({ stateMachineArn: ARN, definition: '{' }),
      'InvalidDefinition',
      /^Invalid State Machine Definition/,
    ],
    [
      'no ARN',
      (e) => e.describeStateMachine({ stateMachineArn: 'm' }),
      'InvalidArn',
      "Invalid Arn: 'Invalid ARN prefix: m'",
    ],
    [
      'the ARN of something else',
      (e) => e.describeStateMachine({ stateMachineArn: NOBODY }),
      'InvalidArn',
      /Resource type not valid/,
    ],
    [
      'a machine that is not there',
      (e) => e.startExecution({ stateMachineArn: NOWHERE }),
      'StateMachineDoesNotExist',
      `State Machine Does Not Exist: '${NOWHERE}'`,
    ],
    [
      'input that is no JSON',
      (e) => e.startExecution({ stateMachineArn: ARN, input: 'x y' }),
      'InvalidExecutionInput',
      /Unrecognized token 'x'/,
    ],
    [
      'empty input',
      (e) => e.startExecution({ stateMachineArn: ARN, input: '' }),
      'InvalidExecutionInput',
      "Invalid State Machine Execution Input: 'Invalid execution input.'",
    ],
    [
      'input over 256 KiB',
      (e) => e.startExecution({ stateMachineArn: ARN, input: `"${'é'.repeat(131_072)}"` }),
      'InvalidExecutionInput',
      /larger than 262144 bytes/,
    ],
    [
      'a bad execution name',
      (e) => e.startExecution({ stateMachineArn: ARN, name: 'a/b' }),
      'InvalidName',
      "Invalid Name: 'a/b'",
    ],
    [
      'a correlation id that fits into no header',
      (e) => e.startExecution({ stateMachineArn: ARN, correlationId: 'a\nb' }),
      'ValidationException',
      /Value at 'correlationId'/,
    ],
    [
      'an execution that is not there',
      (e) => e.describeExecution({ executionArn: NOBODY }),
      'ExecutionDoesNotExist',
      `Execution Does Not Exist: '${NOBODY}'`,
    ],
    [
      'its history',
      (e) => e.getExecutionHistory({ executionArn: NOBODY }),
      'ExecutionDoesNotExist',
      /Does Not Exist/,
    ],
    ['its end', (e) => e.stopExecution({ executionArn: NOBODY }), 'ExecutionDoesNotExist', /Does Not Exist/],
    [
      '1,001 results',
      (e) => e.listExecutions({ stateMachineArn: ARN, maxResults: 1_001 }),
      'ValidationException',
      /Value '1001' at 'maxResults'/,
    ],
    [
      '-1 results',
      (e) => e.listExecutions({ stateMachineArn: ARN, maxResults: -1 }),
      'ValidationException',
      /greater than or equal to 0/,
    ],
    [
      'an unknown status',
      (e) => e.listExecutions({ stateMachineArn: ARN, statusFilter: 'done' }),
      'ValidationException',
      /Value 'done' at 'statusFilter'/,
    ],
    [
      'a token of our own making',
      (e) => e.listExecutions({ stateMachineArn: ARN, nextToken: 'x' }),
      'InvalidToken',
      "Invalid Token: 'Invalid token'",
    ],
    [
      'a token that is too long',
      (e) => e.listStateMachines({ nextToken: 'x'.repeat(1_025) }),
      'ValidationException',
      /less than or equal to 1024/,
    ],
  ])('%s', async (_why, request, awsName, message) => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    await engine.createStateMachine({ name: 'm', definition: PASS, roleArn: ROLE });
    const error = await request(engine).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error).toMatchObject({ code: 'HF_STATES_REFUSED', awsName });
    expect(error instanceof Error && error.message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
    expect((await engine.listStateMachines()).stateMachines).toHaveLength(1);
    expect((await engine.listExecutions({ stateMachineArn: ARN })).executions).toEqual([]);
  });
});

describe('executions', () => {
  test('run to their end and are described as they ended', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const executionArn = await run(engine, { S: { Type: 'Task', Resource: FUNCTION, End: true } }, { a: 1 });
    await ended(engine, executionArn);
    expect(await engine.describeExecution({ executionArn })).toMatchObject({
      status: 'SUCCEEDED',
      input: '{"a":1}',
      output: '{"a":1}',
    });
    expect(engine.health()).toEqual({ runningExecutions: 0, activeTasks: 0, waitingTasks: 0 });
  });

  test.each<[why: string, again: { input?: string }, answer: 'same' | 'refused']>([
    ['the same input', { input: '{"a":1}' }, 'same'],
    ['the same input, written differently', { input: '{ "a" : 1 }' }, 'same'],
    ['another input', { input: '{"a":2}' }, 'refused'],
    ['no input', {}, 'refused'],
  ])('a name taken by a running execution, started with %s', async (_why, again, answer) => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: LATER,
      roleArn: ROLE,
    });
    const first = await engine.startExecution({ stateMachineArn, name: 'e', input: '{"a":1}' });
    const second = engine.startExecution({ stateMachineArn, name: 'e', ...again });
    if (answer === 'same') expect(await second).toEqual(first);
    else await expect(second).rejects.toMatchObject({ awsName: 'ExecutionAlreadyExists' });
  });

  test('a name taken by an execution that has ended is refused, whatever the input', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: PASS,
      roleArn: ROLE,
    });
    await engine.startExecution({ stateMachineArn, name: 'e' });
    await expect(engine.startExecution({ stateMachineArn, name: 'e' })).rejects.toMatchObject({
      awsName: 'ExecutionAlreadyExists',
    });
  });

  test('of two starts at once under one name, one wins and the other is the same', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: LATER,
      roleArn: ROLE,
    });
    const starts = await Promise.all(
      [1, 2, 3].map(() => engine.startExecution({ stateMachineArn, name: 'e', input: '1' })),
    );
    expect(new Set(starts.map(({ executionArn }) => executionArn)).size).toBe(1);
    expect((await engine.listExecutions({ stateMachineArn })).executions).toHaveLength(1);
  });

  test('stopping aborts the calls in flight', async () => {
    const seen = Promise.withResolvers<AbortSignal>();
    await using temporary = await temporaryEngine({
      invoke: hanging((_call, signal) => seen.resolve(signal)),
    });
    const { engine } = temporary;
    const executionArn = await run(engine, { S: { Type: 'Task', Resource: FUNCTION, End: true } });
    const signal = await seen.promise;
    const { stopDateMs } = await engine.stopExecution({ executionArn, error: 'E', cause: 'C' });
    expect(signal.aborted).toBe(true);
    expect(await engine.describeExecution({ executionArn })).toMatchObject({
      status: 'ABORTED',
      error: 'E',
      cause: 'C',
      stopDateMs,
    });
    expect(await engine.stopExecution({ executionArn, error: 'again' })).toEqual({ stopDateMs });
  });

  test('are listed newest first, by status, in pages', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: PASS,
      roleArn: ROLE,
    });
    for (const name of ['a', 'b', 'c']) await engine.startExecution({ stateMachineArn, name });
    await engine.updateStateMachine({ stateMachineArn, definition: LATER });
    await engine.startExecution({ stateMachineArn, name: 'd' });
    const names = async (request: object): Promise<readonly string[]> =>
      (await engine.listExecutions({ stateMachineArn, ...request })).executions.map(({ name }) => name);
    expect(await names({})).toEqual(['d', 'c', 'b', 'a']);
    expect(await names({ statusFilter: 'RUNNING' })).toEqual(['d']);
    const { nextToken = '' } = await engine.listExecutions({
      stateMachineArn,
      statusFilter: 'SUCCEEDED',
      maxResults: 2,
    });
    expect(await names({ statusFilter: 'SUCCEEDED', nextToken })).toEqual(['a']);
    await expect(names({ statusFilter: 'FAILED', nextToken })).rejects.toMatchObject({
      awsName: 'InvalidToken',
    });
  });

  test('histories come in pages, either way round', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const step = { Type: 'Task', Resource: FUNCTION };
    const executionArn = await run(engine, {
      A: { ...step, Next: 'B' },
      B: { ...step, Next: 'C' },
      C: { ...step, End: true },
    });
    const last = (await ended(engine, executionArn)).id;
    const all = Array.from({ length: last }, (_, i) => i + 1);
    for (const [reverseOrder, expected] of [
      [false, all],
      [true, all.toReversed()],
    ] as const) {
      const ids: number[] = [];
      let nextToken: string | undefined;
      do {
        const page = await engine.getExecutionHistory({
          executionArn,
          reverseOrder,
          maxResults: 4,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        ids.push(...page.events.map(({ id }) => id));
        expect(page.events.length).toBeLessThanOrEqual(4);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      expect(ids).toEqual(expected);
    }
  });

  test('too many at once are refused', async () => {
    await using temporary = await temporaryEngine({ maxRunningExecutions: 2 });
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: LATER,
      roleArn: ROLE,
    });
    await engine.startExecution({ stateMachineArn });
    const { executionArn } = await engine.startExecution({ stateMachineArn });
    await expect(engine.startExecution({ stateMachineArn })).rejects.toMatchObject({
      awsName: 'ExecutionLimitExceeded',
    });
    await engine.stopExecution({ executionArn });
    await engine.startExecution({ stateMachineArn });
  });

  test('too many started in one turn are refused as well', async () => {
    await using temporary = await temporaryEngine({ maxRunningExecutions: 2 });
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: LATER,
      roleArn: ROLE,
    });
    const starts = await Promise.allSettled([1, 2, 3].map(() => engine.startExecution({ stateMachineArn })));
    expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  test('twenty started in one turn share it and all end', async () => {
    await using temporary = await temporaryEngine({ maxRunningExecutions: 20 });
    const { engine } = temporary;
    const { stateMachineArn } = await engine.createStateMachine({
      name: 'm',
      definition: PASS,
      roleArn: ROLE,
    });
    const starts = await Promise.all(
      Array.from({ length: 20 }, () => engine.startExecution({ stateMachineArn })),
    );
    const all = await Promise.all(starts.map((each) => engine.describeExecution(each)));
    expect(all.filter(({ status }) => status === 'SUCCEEDED')).toHaveLength(20);
  });
});

describe('tasks', () => {
  const states = { S: { Type: 'Task', Resource: FUNCTION, End: true } };

  test('at most maxConcurrentTasks at once; the rest wait in line', async () => {
    let running = 0;
    let peak = 0;
    const invoke: TaskInvoker = async () => {
      running += 1;
      peak = Math.max(peak, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { ok: true, output: 1 };
    };
    await using temporary = await temporaryEngine({ invoke, maxConcurrentTasks: 3 });
    const map = { M: { Type: 'Map', ItemProcessor: { StartAt: 'S', States: states }, End: true } };
    const executionArn = await run(temporary.engine, map, Array(12).fill(0));
    await ended(temporary.engine, executionArn);
    expect(peak).toBe(3);
    expect(await temporary.engine.describeExecution({ executionArn })).toMatchObject({ status: 'SUCCEEDED' });
  });

  test.each<[why: string, invoke: TaskInvoker, error: string, cause: RegExp]>([
    ['rejects', () => Promise.reject(new Error('broken')), 'States.TaskFailed', /^broken$/],
    [
      'rejects with an error of ours',
      () => Promise.reject(new EngineUnavailableError('later')),
      'States.TaskFailed',
      /^HF_STATES_UNAVAILABLE: later$/,
    ],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      'States.TaskFailed',
      /^broken$/,
    ],
    [
      'answers with too much',
      async () => ({ ok: true, output: 'é'.repeat(140_000) }),
      'States.DataLimitExceeded',
      /^The state\/task 'arn:aws:lambda:.*:f' returned a result with a size/,
    ],
    [
      'explains too much',
      async () => ({ ok: false, error: 'E', cause: 'x'.repeat(40_000) }),
      'E',
      /^x{32768}$/,
    ],
  ])('an invoker that %s', async (_why, invoke, error, cause) => {
    await using temporary = await temporaryEngine({ invoke });
    const executionArn = await run(temporary.engine, states);
    await ended(temporary.engine, executionArn);
    expect(await temporary.engine.describeExecution({ executionArn })).toMatchObject({
      status: 'FAILED',
      error,
      cause: expect.stringMatching(cause),
    });
  });

  test('hooks see each call with its token and correlation, in order', async () => {
    const records: TaskRecord[] = [];
    await using temporary = await temporaryEngine({ onTask: (record) => records.push(record) });
    const { engine } = temporary;
    const definition = JSON.stringify({ StartAt: 'S', States: states });
    const { stateMachineArn } = await engine.createStateMachine({ name: 'm', definition, roleArn: ROLE });
    const trace = {
      correlationId: 'c-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      traceHeader: 'Root=1',
    };
    const { executionArn } = await engine.startExecution({ stateMachineArn, name: 'e', ...trace });
    await ended(engine, executionArn);
    expect(records.map(({ phase }) => phase)).toEqual(['scheduled', 'started', 'ended']);
    expect(records[0]?.call).toEqual({
      executionArn,
      executionName: 'e',
      stateMachineName: 'm',
      stateName: 'S',
      attempt: 1,
      token: `${executionArn}#/S#2#1`,
      resumed: false,
      resource: { kind: 'function', arn: FUNCTION },
      parameters: {},
      ...trace,
    });
    for await (const record of engine.feed(0)) {
      expect(record).toMatchObject({
        correlationId: 'c-1',
        traceparent: trace.traceparent,
        executionName: 'e',
        stateMachineName: 'm',
      });
      if (record.event.type === 'ExecutionSucceeded') break;
    }
  });

  test('hooks that throw are logged and disturb nothing', async () => {
    const logs: LogRecord[] = [];
    const broken = (): never => {
      throw new Error('hook');
    };
    await using temporary = await temporaryEngine({
      onEvent: broken,
      onTask: broken,
      onLog: (record) => logs.push(record),
    });
    await ended(temporary.engine, await run(temporary.engine, states));
    const thrown = logs.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(new Set(thrown)).toEqual(
      new Set(['the onEvent hook threw; the engine goes on', 'the onTask hook threw; the engine goes on']),
    );
  });

  test('a logger that throws disturbs nothing', async () => {
    const onLog = (): never => {
      throw new Error('logger');
    };
    await using temporary = await temporaryEngine({ onLog });
    await ended(temporary.engine, await run(temporary.engine, states));
  });
});

describe('the feed', () => {
  test('gives what onEvent gives, from any position, without gaps', async () => {
    const live: EventRecord[] = [];
    await using temporary = await temporaryEngine({ onEvent: (record) => live.push(record) });
    const { engine } = temporary;
    const states = { A: { Type: 'Task', Resource: FUNCTION, Next: 'B' }, B: { Type: 'Pass', End: true } };
    for (const name of ['m1', 'm2', 'm3']) await ended(engine, await run(engine, states, {}, name));
    expect(live.map(({ event }) => event.type).filter((type) => type === 'ExecutionSucceeded')).toHaveLength(
      3,
    );
    for (let from = 0; from < live.length; from += 1) {
      const after = live[from - 1]?.sequence ?? 0;
      const read: EventRecord[] = [];
      for await (const record of engine.feed(after)) {
        read.push(record);
        if (record.sequence === live.at(-1)?.sequence) break;
      }
      expect(read).toEqual(live.slice(from));
    }
  });

  test('waits at the end, and ends with its signal or the engine', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    const leave = new AbortController();
    const byHand = engine.feed(0, leave.signal).next();
    const byEngine = engine.feed(0).next();
    leave.abort();
    expect(await byHand).toEqual({ done: true, value: undefined });
    await engine[Symbol.asyncDispose]();
    expect(await byEngine).toEqual({ done: true, value: undefined });
  });
});

describe('a restart', () => {
  test('repeats the call that was not answered, with the same token, and says so', async () => {
    const calls: TaskCall[] = [];
    const begun = Promise.withResolvers<void>();
    const invoke = hanging((call) => {
      calls.push(call);
      begun.resolve();
    });
    await using temporary = await temporaryEngine({ invoke });
    const executionArn = await run(
      temporary.engine,
      { S: { Type: 'Task', Resource: FUNCTION, End: true } },
      { a: 1 },
    );
    await begun.promise;
    const engine = await temporary.reopen({
      invoke: async (call) => {
        calls.push(call);
        return echo(call, new AbortController().signal);
      },
    });
    await ended(engine, executionArn);
    const [first, second] = calls;
    expect(calls).toHaveLength(2);
    expect(second).toEqual({ ...first, resumed: true });
    const { events } = await engine.getExecutionHistory({ executionArn });
    expect(events.filter(({ type }) => type === 'LambdaFunctionScheduled')).toHaveLength(1);
  });

  test('keeps the due times of waits, retries and timeouts', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    const startMs = runtime.now();
    const invoke: TaskInvoker = async (call) =>
      call.attempt === 1 ? { ok: false, error: 'Odd' } : { ok: true, output: call.attempt };
    await using temporary = await temporaryEngine({ runtime, invoke });
    const retry = { Retry: [{ ErrorEquals: ['Odd'], IntervalSeconds: 90 }] };
    const branch = (name: string, state: Json): Json => ({ StartAt: name, States: { [name]: state } });
    const executionArn = await run(temporary.engine, {
      P: {
        Type: 'Parallel',
        Branches: [
          branch('W', { Type: 'Wait', Seconds: 100, End: true }),
          branch('R', { Type: 'Task', Resource: FUNCTION, ...retry, End: true }),
        ],
        End: true,
      },
    });
    await until(temporary.engine, executionArn, 'LambdaFunctionFailed');
    await runtime.advance(40_000);
    const engine = await temporary.reopen();
    await inVirtualTime(runtime, ended(engine, executionArn));
    const { events } = await engine.getExecutionHistory({ executionArn });
    const times = events.flatMap(({ type, timestamp }) =>
      /WaitStateExited|Scheduled/.test(type) ? [`${type} ${timestamp - startMs}`] : [],
    );
    expect(times).toEqual([
      'LambdaFunctionScheduled 0',
      'LambdaFunctionScheduled 90000',
      'WaitStateExited 100000',
    ]);
  });

  test('what fell due while nothing ran happens at once', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    await using temporary = await temporaryEngine({ runtime });
    const executionArn = await run(temporary.engine, { S: { Type: 'Wait', Seconds: 10, End: true } });
    await temporary.engine[Symbol.asyncDispose]();
    await runtime.advance(3_600_000);
    const engine = await temporary.reopen();
    expect(await inVirtualTime(runtime, ended(engine, executionArn))).toMatchObject({
      type: 'ExecutionSucceeded',
    });
  });

  test('a machine timeout counts from the start of the execution', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    const startMs = runtime.now();
    await using temporary = await temporaryEngine({ runtime });
    const definition = JSON.stringify({ ...JSON.parse(LATER), TimeoutSeconds: 30 });
    const { stateMachineArn } = await temporary.engine.createStateMachine({
      name: 'm',
      definition,
      roleArn: ROLE,
    });
    const { executionArn } = await temporary.engine.startExecution({ stateMachineArn });
    await runtime.advance(20_000);
    const engine = await temporary.reopen();
    const last = await inVirtualTime(runtime, ended(engine, executionArn));
    expect(last).toMatchObject({ type: 'ExecutionTimedOut', timestamp: startMs + 30_000 });
  });

  test('goes on with a machine that was in the middle of a long step', async () => {
    await using temporary = await temporaryEngine();
    const items = Array(300).fill(0);
    const map = {
      M: {
        Type: 'Map',
        ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
        End: true,
      },
    };
    const executionArn = await run(temporary.engine, map, items);
    const engine = await temporary.reopen();
    expect(await ended(engine, executionArn)).toMatchObject({ type: 'ExecutionSucceeded' });
    expect((await engine.describeExecution({ executionArn })).output).toBe(JSON.stringify(items));
  });
});

describe('the wall clock', () => {
  test('may go back; histories do not', async () => {
    const runtime = virtualRuntime({ seed: 1 });
    let offset = 0;
    const jumping = { ...runtime, now: () => runtime.now() + offset };
    await using temporary = await temporaryEngine({ runtime: jumping });
    const step = { Type: 'Task', Resource: FUNCTION };
    const executionArn = await run(temporary.engine, {
      A: { ...step, Next: 'B' },
      B: { ...step, End: true },
    });
    offset = -60_000;
    await ended(temporary.engine, executionArn);
    const { events } = await temporary.engine.getExecutionHistory({ executionArn });
    const times = events.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe('the data file', () => {
  test('belongs to one engine at a time', async () => {
    await using temporary = await temporaryEngine();
    expect(() => openEngine({ path: temporary.path, invoke: echo })).toThrow(DataInUseError);
    await temporary.reopen();
  });

  test('of a newer version is refused, and left as it is', async () => {
    await using temporary = await temporaryEngine();
    await temporary.engine[Symbol.asyncDispose]();
    const database = new DatabaseSync(temporary.path);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.close();
    const open = (): Engine => openEngine({ path: temporary.path, invoke: echo });
    expect(open).toThrow(DataUnreadableError);
    expect(open).toThrow(
      `it has schema version ${SCHEMA_VERSION + 1}, this version of holdfast knows ${SCHEMA_VERSION}`,
    );
  });

  test('that is no database, or has no folder, is refused with its path', async () => {
    await using temporary = await temporaryEngine();
    expect(() => openEngine({ path: `${temporary.path}/x`, invoke: echo })).toThrow(DataUnreadableError);
    expect(() => openEngine({ path: import.meta.filename, invoke: echo })).toThrow(import.meta.filename);
  });

  test('a closed engine refuses everything', async () => {
    await using temporary = await temporaryEngine();
    const { engine } = temporary;
    await engine[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    await expect(engine.describeStateMachine({ stateMachineArn: NOWHERE })).rejects.toThrow(
      EngineUnavailableError,
    );
    await expect(engine.startExecution({ stateMachineArn: NOWHERE })).rejects.toThrow(EngineUnavailableError);
  });
});

test.each([
  { field: 'path', value: '' },
  { field: 'region', value: 'Here!' },
  { field: 'account', value: '12' },
  { field: 'maxConcurrentTasks', value: 0 },
  { field: 'maxRunningExecutions', value: 1.5 },
  { field: 'retainClosedMs', value: 1 },
])('option $field = $value is refused by name', ({ field, value }) => {
  const open = (): Engine => openEngine({ path: 'x', invoke: echo, [field]: value });
  expect(open).toThrow(InvalidOptionsError);
  expect(open).toThrow(new RegExp(`states engine: ${field} must be`));
});
