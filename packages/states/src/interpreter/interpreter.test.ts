import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../json/json.ts';
import { type Answer, begin, FUNCTION, lines, START_MS, simulate } from '../testing/simulate.fixture.ts';
import { MAX_HISTORY_EVENTS } from './history.ts';
import { apply, STEP_EVENT_BUDGET } from './step.ts';

const ok = (output: Json, afterMs = 1): Answer => ({ outcome: { ok: true, output }, afterMs });
const failed = (error: string, cause = 'why', afterMs = 1): Answer => ({
  outcome: { ok: false, error, cause },
  afterMs,
});

const chain = (states: JsonObject): Json => ({ StartAt: Object.keys(states)[0] ?? '', States: states });
const task = (more: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: FUNCTION,
  End: true,
  ...more,
});
const pass = (more: JsonObject = {}): JsonObject => ({ Type: 'Pass', End: true, ...more });

describe('input and output', () => {
  test.each<[why: string, state: JsonObject, input: Json, output: Json]>([
    ['a Pass gives its input', pass(), { a: 1 }, { a: 1 }],
    ['Result replaces it', pass({ Result: { 'b.$': '$.a' } }), { a: 1 }, { 'b.$': '$.a' }],
    [
      'Parameters fill a template',
      pass({ Parameters: { b: [{ 'c.$': '$.a' }], 'd.$': 'States.MathAdd($.a, 1)' } }),
      { a: 1 },
      { b: [{ c: 1 }], d: 2 },
    ],
    [
      'InputPath comes first',
      pass({ InputPath: '$.in', Parameters: { 'b.$': '$.a' } }),
      { in: { a: 1 } },
      { b: 1 },
    ],
    ['InputPath null is an empty object', pass({ InputPath: null }), { a: 1 }, {}],
    [
      'ResultPath writes into the raw input',
      pass({ InputPath: '$.in', Result: 2, ResultPath: '$.out' }),
      { in: 1 },
      { in: 1, out: 2 },
    ],
    [
      'ResultPath null keeps the raw input',
      pass({ InputPath: '$.in', Result: 2, ResultPath: null }),
      { in: 1 },
      { in: 1 },
    ],
    ['OutputPath comes last', pass({ Result: 2, ResultPath: '$.out', OutputPath: '$.out' }), { in: 1 }, 2],
    ['OutputPath null is an empty object', pass({ OutputPath: null }), { a: 1 }, {}],
    [
      'ResultSelector of a Task',
      task({ ResultSelector: { 'x.$': '$.answer' }, ResultPath: '$.t' }),
      { a: 1 },
      { a: 1, t: { x: 42 } },
    ],
    ['a Succeed filters', { Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' }, { a: { b: 3 } }, 3],
    [
      'the context object',
      pass({
        Parameters: { 'n.$': '$$.State.Name', 'e.$': '$$.Execution.Name', 't.$': '$$.State.EnteredTime' },
      }),
      {},
      { n: 'S', e: 'e', t: '2026-01-01T00:00:00.000Z' },
    ],
  ])('%s', (_why, state, input, output) => {
    const { execution } = simulate({
      definition: chain({ S: state }),
      input,
      answer: () => ok({ answer: 42 }),
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify(output) });
  });
});

describe('failures of the definition against the data', () => {
  const at = "An error occurred while executing the state 'S' (entered at the event id #2).";
  test.each<[why: string, state: JsonObject, input: Json, error: string, cause: string]>([
    [
      'InputPath',
      pass({ InputPath: '$.x' }),
      {},
      'States.Runtime',
      `${at} Invalid path '$.x' : No results for path: $['x']`,
    ],
    [
      'Parameters',
      pass({ Parameters: { 'v.$': '$.x' } }),
      { a: 1 },
      'States.Runtime',
      `${at} The JSONPath '$.x' specified for the field 'v.$' could not be found in the input '{"a":1}'`,
    ],
    [
      'ResultPath',
      pass({ Result: 1, ResultPath: '$.a.b' }),
      { a: 'text' },
      'States.ResultPathMatchFailure',
      'Unable to apply ReferencePath $.a.b to input {"a":"text"}',
    ],
    [
      'an intrinsic',
      pass({ Parameters: { 'v.$': 'States.StringToJson($.a)' } }),
      { a: '{' },
      'States.IntrinsicFailure',
      "The function 'States.StringToJson($.a)' had the following error: the argument is not valid JSON",
    ],
    [
      'no choice',
      { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'T' }] },
      { a: 1 },
      'States.Runtime',
      `${at} Failed to transition out of the state. The state does not point to a next state.`,
    ],
    [
      'a variable that is absent',
      { Type: 'Choice', Choices: [{ Variable: '$.x', IsNull: true, Next: 'T' }] },
      {},
      'States.Runtime',
      `${at} Invalid path '$.x': The choice state's condition path references an invalid value.`,
    ],
    [
      'SecondsPath to nowhere',
      { Type: 'Wait', SecondsPath: '$.x', Next: 'T' },
      {},
      'States.Runtime',
      `${at} The SecondsPath parameter does not reference an input value: $.x`,
    ],
    [
      'SecondsPath to text',
      { Type: 'Wait', SecondsPath: '$.x', Next: 'T' },
      { x: 'soon' },
      'States.Runtime',
      `${at} The SecondsPath parameter does not reference a valid integer value: $.x == soon`,
    ],
    [
      'TimestampPath to text',
      { Type: 'Wait', TimestampPath: '$.x', Next: 'T' },
      { x: 'soon' },
      'States.Runtime',
      `${at} The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.x == soon`,
    ],
    [
      'a wait of 69 years',
      { Type: 'Wait', SecondsPath: '$.x', Next: 'T' },
      { x: 2_147_483_648 },
      'States.Runtime',
      `${at} Wait state delay is too long.`,
    ],
    [
      'items that are none',
      { Type: 'Map', ItemsPath: '$.x', ItemProcessor: chain({ I: pass() }), Next: 'T' },
      { x: 1 },
      'States.Runtime',
      `${at} Reference path "$.x" must point to array.`,
    ],
    [
      'TimeoutSecondsPath to nowhere',
      task({ TimeoutSecondsPath: '$.x' }),
      {},
      'States.Runtime',
      `${at} Invalid path '$.x' : No results for path: $['x']`,
    ],
    [
      'TimeoutSecondsPath to text',
      task({ TimeoutSecondsPath: '$.x' }),
      { x: 'soon' },
      'States.Runtime',
      `${at} The TimeoutSecondsPath field refers to value "soon" which is not a valid integer: $.x`,
    ],
    [
      'ErrorPath to a number',
      { Type: 'Fail', ErrorPath: '$.x' },
      { x: 1 },
      'States.Runtime',
      `${at} The ErrorPath field must be a string, but was: 1`,
    ],
    [
      'over 256 KiB',
      pass({ Parameters: { 'v.$': 'States.Array($.x, $.x)' } }),
      { x: 'é'.repeat(70_000) },
      'States.DataLimitExceeded',
      "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
    ],
  ])('%s', (_why, state, input, error, cause) => {
    const others = JSON.stringify(state).includes('"T"') ? { T: pass() } : {};
    const { execution, events } = simulate({ definition: chain({ S: state, ...others }), input });
    expect(execution).toMatchObject({ status: 'FAILED', error, cause });
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      `${String(state['Type'])}StateEntered`,
      'ExecutionFailed',
    ]);
  });

  test('States.Runtime is neither retried nor caught', () => {
    const guard = {
      Retry: [{ ErrorEquals: ['States.Runtime'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'T' }],
    };
    const { execution } = simulate({
      definition: chain({ S: task({ InputPath: '$.x', ...guard }), T: pass() }),
    });
    expect(execution.status).toBe('FAILED');
  });

  test.each(['States.IntrinsicFailure', 'States.ALL'])(
    'what Parameters did wrong can be caught as %s',
    (name) => {
      const state = task({
        Parameters: { 'v.$': 'States.MathAdd($.a, 1)' },
        Catch: [{ ErrorEquals: [name], ResultPath: '$.e', Next: 'T' }],
      });
      const { execution, calls } = simulate({
        definition: chain({ S: state, T: pass({ OutputPath: '$.e.Error' }) }),
        input: { a: 'x' },
      });
      expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '"States.IntrinsicFailure"' });
      expect(calls).toEqual([]);
    },
  );
});

test('a result too deep to print fails its own execution only', () => {
  let deep: Json = 1;
  for (let i = 0; i < 50_000; i += 1) deep = [deep];
  const { execution } = simulate({ definition: chain({ S: task() }), answer: () => ok(deep) });
  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringContaining('Internal error of the engine'),
  });
});

describe('tasks', () => {
  test('a call is scheduled, started, and its result leaves the state', () => {
    const { events, calls } = simulate({
      definition: chain({ S: task() }),
      input: { a: 1 },
      answer: () => ok({ b: 2 }, 30),
    });
    expect(lines(events)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 TaskStateEntered S',
      '3<2 LambdaFunctionScheduled',
      '4<3 LambdaFunctionStarted',
      '5<4 LambdaFunctionSucceeded +30ms',
      '6<5 TaskStateExited S',
      '7<6 ExecutionSucceeded',
    ]);
    expect(calls).toEqual([
      {
        kind: 'invoke',
        task: 3,
        resource: { kind: 'function', arn: FUNCTION },
        parameters: { a: 1 },
        stateName: 'S',
        attempt: 1,
        token: 'arn:aws:states:us-east-1:000000000000:execution:m:e#/S#2#1',
      },
    ]);
  });

  test('retries wait longer each time, then the error is caught', () => {
    const state = task({
      Retry: [
        { ErrorEquals: ['Odd'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 },
      ],
      Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.error', Next: 'T' }],
    });
    const { events, calls, execution } = simulate({
      definition: chain({ S: state, T: pass() }),
      answer: () => failed('Odd'),
    });
    const waits = lines(events)
      .filter((line) => line.includes('Scheduled'))
      .map((line) => /\+(\d+)ms/.exec(line)?.[1]);
    expect(waits).toEqual([undefined, '2000', '6000', '10000']);
    expect(calls.map(({ attempt, token }) => `${attempt} ${token.slice(-6)}`)).toEqual(
      ['1 S#2#1', '2 S#2#2', '3 S#2#3', '4 S#2#4'].map((each) => each.replace('S', '/S')),
    );
    expect(execution.output).toBe('{"error":{"Error":"Odd","Cause":"why"}}');
  });

  test('full jitter draws from zero to the whole delay, the same for the same seed', () => {
    const state = task({
      Retry: [
        {
          ErrorEquals: ['States.ALL'],
          IntervalSeconds: 10,
          BackoffRate: 1,
          MaxAttempts: 30,
          JitterStrategy: 'FULL',
        },
      ],
    });
    const run = (): readonly number[] =>
      simulate({ definition: chain({ S: state }), answer: () => failed('Odd') }).commands.flatMap(
        (command) => (command.kind === 'set-timer' ? [command.dueAt] : []),
      );
    const times = run();
    const delays = times.map((time, i) => time - (times[i - 1] ?? START_MS) - 1);
    expect(delays).toHaveLength(30);
    expect(Math.max(...delays)).toBeLessThanOrEqual(10_000);
    expect(Math.min(...delays)).toBeLessThan(2_000);
    expect(Math.max(...delays)).toBeGreaterThan(8_000);
    expect(run()).toEqual(times);
  });

  test.each<[why: string, errors: string[], error: string, caught: boolean]>([
    ['its own name', ['Odd'], 'Odd', true],
    ['another name', ['Even'], 'Odd', false],
    ['any failure', ['States.TaskFailed'], 'Odd', true],
    ['everything', ['States.ALL'], 'Odd', true],
    ['no wildcard by mistake', ['State.ALL'], 'Odd', false],
    ['a result that is too large', ['States.ALL'], 'States.DataLimitExceeded', true],
  ])('a catcher for %s', (_why, errors, error, caught) => {
    const state = task({ Catch: [{ ErrorEquals: errors, Next: 'T' }] });
    const { execution } = simulate({
      definition: chain({ S: state, T: pass() }),
      answer: () => failed(error),
    });
    expect(execution.status).toBe(caught ? 'SUCCEEDED' : 'FAILED');
  });

  test.each<[why: string, errors: string[], limits: JsonObject, caught: boolean]>([
    ['a timeout', ['States.Timeout'], { TimeoutSeconds: 5 }, true],
    ['a timeout is no States.TaskFailed', ['States.TaskFailed'], { TimeoutSeconds: 5 }, false],
    ['a timeout is no missed heartbeat', ['States.HeartbeatTimeout'], { TimeoutSeconds: 5 }, false],
    ['a missed heartbeat', ['States.HeartbeatTimeout'], { TimeoutSeconds: 9, HeartbeatSeconds: 5 }, true],
    ['a missed heartbeat is recorded as a timeout', ['States.Timeout'], { HeartbeatSeconds: 5 }, true],
  ])('%s', (_why, errors, limits, caught) => {
    const state = task({ ...limits, Catch: [{ ErrorEquals: errors, Next: 'T' }] });
    const { execution, events, commands } = simulate({
      definition: chain({ S: state, T: pass() }),
      answer: () => 'never',
    });
    expect(lines(events)[4]).toBe('5<4 LambdaFunctionTimedOut States.Timeout +5000ms');
    expect(execution.status).toBe(caught ? 'SUCCEEDED' : 'FAILED');
    expect(commands.map(({ kind }) => kind)).toContain('abort-task');
  });

  test('a token fits into a header, whatever the state is called', () => {
    const { calls } = simulate({ definition: chain({ 'Zahlung für 日本\n': task() }) });
    expect(calls[0]?.token).toMatch(/^[\x21-\x7e]+#\/Zahlung%20f%C3%BCr%20%E6%97%A5%E6%9C%AC%0A#2#1$/);
  });

  test('each entry of a state in a loop has tokens of its own', () => {
    const loop = chain({
      S: { Type: 'Task', Resource: FUNCTION, Next: 'C' },
      C: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: 3, Next: 'S' }], Default: 'E' },
      E: { Type: 'Succeed' },
    });
    const { calls } = simulate({ definition: loop, answer: (_call, nth) => ok({ n: nth }) });
    expect(new Set(calls.map(({ token }) => token)).size).toBe(3);
  });
});

describe('waits', () => {
  test.each<[JsonObject, number]>([
    [{ Seconds: 7 }, 7_000],
    [{ SecondsPath: '$.s' }, 3_000],
    [{ Timestamp: '2026-01-01T00:01:00Z' }, 60_000],
    [{ TimestampPath: '$.t' }, 500],
    [{ Timestamp: '2020-01-01T00:00:00Z' }, 0],
    [{ Seconds: 0 }, 0],
  ])('%j', (until, afterMs) => {
    const input = { s: 3, t: '2026-01-01T00:00:00.5Z' };
    const { execution } = simulate({
      definition: chain({ S: { Type: 'Wait', ...until, End: true } }),
      input,
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', stoppedAt: START_MS + afterMs });
  });
});

describe('Parallel', () => {
  const parallel = (...branches: JsonObject[]): JsonObject => ({
    Type: 'Parallel',
    End: true,
    Branches: branches.map((states) => chain(states)),
  });

  test('gathers the results in the order of the branches', () => {
    const state = parallel(
      { A: task({ ResultSelector: { 'a.$': '$' } }) },
      { B: { Type: 'Wait', Seconds: 1, End: true } },
    );
    const { execution, events } = simulate({
      definition: chain({ S: state }),
      input: 1,
      answer: () => ok('slow', 5_000),
    });
    expect(execution.output).toBe('[{"a":"slow"},1]');
    expect(lines(events).slice(-3)).toEqual([
      '11<10 ParallelStateSucceeded',
      '12<10 ParallelStateExited S',
      '13<12 ExecutionSucceeded',
    ]);
  });

  test('a failing branch stops the others', () => {
    const state = parallel({ A: task() }, { B: { Type: 'Wait', Seconds: 60, End: true } }, { C: task() });
    const { events, commands } = simulate({
      definition: chain({ S: state }),
      answer: (_call, nth) => (nth === 1 ? failed('Odd') : 'never'),
    });
    expect(lines(events).slice(10)).toEqual([
      '11<6 LambdaFunctionFailed Odd +1ms',
      '12<11 WaitStateAborted',
      '13<11 TaskStateAborted',
      '14<11 ParallelStateFailed',
      '15<14 ExecutionFailed Odd',
    ]);
    expect(commands.map(({ kind }) => kind)).toEqual([
      'invoke',
      'set-timer',
      'invoke',
      'clear-timer',
      'abort-task',
    ]);
  });

  test('retry runs all branches again, catch goes on', () => {
    const state = {
      ...parallel({ A: { Type: 'Fail', Error: 'Odd' } }),
      Retry: [{ ErrorEquals: ['Odd'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['Odd'], Next: 'T' }],
    };
    const { events } = simulate({ definition: chain({ S: state, T: pass() }) });
    expect(lines(events)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 ParallelStateEntered S',
      '3<2 ParallelStateStarted',
      '4<3 FailStateEntered A',
      '5<4 ParallelStateStarted +1000ms',
      '6<5 FailStateEntered A',
      '7<6 ParallelStateFailed',
      '8<7 ParallelStateExited S',
      '9<8 PassStateEntered T',
      '10<9 PassStateExited T',
      '11<10 ExecutionSucceeded',
    ]);
  });
});

describe('Map', () => {
  const map = (more: JsonObject, states: JsonObject = { I: pass() }): JsonObject => ({
    Type: 'Map',
    End: true,
    ItemProcessor: chain(states),
    ...more,
  });

  test('iterates with the item selected, one at a time', () => {
    const state = map({
      ItemsPath: '$.list',
      MaxConcurrency: 1,
      ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'all.$': '$.all' },
    });
    const { execution, events } = simulate({
      definition: chain({ S: state }),
      input: { list: ['a', 'b'], all: 1 },
    });
    expect(execution.output).toBe('[{"i":0,"v":"a","all":1},{"i":1,"v":"b","all":1}]');
    expect(lines(events)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered S',
      '3<2 MapStateStarted',
      '4<3 MapIterationStarted S 0',
      '5<4 PassStateEntered I',
      '6<5 PassStateExited I',
      '7<6 MapIterationSucceeded S 0',
      '8<6 MapIterationStarted S 1',
      '9<8 PassStateEntered I',
      '10<9 PassStateExited I',
      '11<10 MapIterationSucceeded S 1',
      '12<11 MapStateSucceeded',
      '13<11 MapStateExited S',
      '14<13 ExecutionSucceeded',
    ]);
  });

  test.each<[why: string, more: JsonObject, input: Json, most: number]>([
    ['MaxConcurrency', { MaxConcurrency: 3 }, Array(10).fill(0), 3],
    [
      'MaxConcurrencyPath',
      { MaxConcurrencyPath: '$.n', ItemsPath: '$.list' },
      { n: 2, list: Array(10).fill(0) },
      2,
    ],
    ['0 means 40', {}, Array(100).fill(0), 40],
    ['more than 40 is 40', { MaxConcurrency: 90 }, Array(100).fill(0), 40],
  ])('concurrency: %s', (_why, more, input, most) => {
    const { events, execution } = simulate({ definition: chain({ S: map(more, { I: task() }) }), input });
    let running = 0;
    let peak = 0;
    for (const { type } of events) {
      running += type === 'MapIterationStarted' ? 1 : type === 'MapIterationSucceeded' ? -1 : 0;
      peak = Math.max(peak, running);
    }
    expect(peak).toBe(most);
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('no items', () => {
    const { events, execution } = simulate({ definition: chain({ S: map({}) }), input: [] });
    expect(lines(events).slice(2)).toEqual([
      '3<2 MapStateStarted',
      '4<3 MapStateSucceeded',
      '5<3 MapStateExited S',
      '6<5 ExecutionSucceeded',
    ]);
    expect(execution.output).toBe('[]');
  });

  test('timeouts that fall together are all recorded before the first is acted on', () => {
    const { events } = simulate({
      definition: chain({ S: map({}, { I: task({ TimeoutSeconds: 5 }) }) }),
      input: [1, 2],
      answer: () => 'never',
    });
    expect(lines(events).slice(11)).toEqual([
      '12<8 LambdaFunctionTimedOut States.Timeout +5000ms',
      '13<11 LambdaFunctionTimedOut States.Timeout',
      '14<12 MapIterationFailed S 0',
      '15<12 TaskStateAborted',
      '16<12 MapIterationAborted S 1',
      '17<12 TaskStateAborted',
      '18<12 MapStateFailed',
      '19<18 ExecutionFailed States.Timeout',
    ]);
  });

  test('the item is seen inside nested states, the innermost one first', () => {
    const inner = map({}, { I: pass({ Parameters: { 'v.$': '$$.Map.Item.Value' } }) });
    const { execution } = simulate({ definition: chain({ S: map({}, { M: inner }) }), input: [[1], [2]] });
    expect(execution.output).toBe('[[{"v":1}],[{"v":2}]]');
  });
});

describe('the end of an execution', () => {
  const waiting = chain({ S: { Type: 'Wait', Seconds: 60, End: true } });

  test('stopped from outside', () => {
    const { execution, events } = simulate({ definition: waiting, stopAfterMs: 10 });
    expect(lines(events).slice(-1)).toEqual(['3<0 ExecutionAborted Stopped +10ms']);
    expect(execution).toMatchObject({
      status: 'ABORTED',
      error: 'Stopped',
      cause: 'by hand',
      stoppedAt: START_MS + 10,
    });
  });

  test('the machine runs out of time', () => {
    const { execution, events } = simulate({
      definition: { ...JSON.parse(JSON.stringify(waiting)), TimeoutSeconds: 5 },
    });
    expect(lines(events).slice(-1)).toEqual(['3<0 ExecutionTimedOut +5000ms']);
    expect(execution).toMatchObject({ status: 'TIMED_OUT', stoppedAt: START_MS + 5_000 });
  });

  test('nothing happens to an execution that has ended', () => {
    const { execution } = simulate({ definition: chain({ S: pass() }) });
    expect(apply(execution, { kind: 'stopped', at: START_MS, entropy: '' })).toEqual({
      execution,
      events: [],
      commands: [],
    });
  });

  test('a machine that goes round for ever ends with the 25,000th event', () => {
    const loop = chain({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } });
    const { execution, events, inputs } = simulate({ definition: loop });
    expect(events).toHaveLength(MAX_HISTORY_EVENTS);
    expect(events.at(-1)).toMatchObject({ id: MAX_HISTORY_EVENTS, type: 'ExecutionFailed' });
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(inputs.filter(({ kind }) => kind === 'continued').length).toBeGreaterThanOrEqual(
      MAX_HISTORY_EVENTS / STEP_EVENT_BUDGET - 2,
    );
  });

  test('so does one that goes round inside a Map with a Catch', () => {
    const loop = chain({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } });
    const state = {
      Type: 'Map',
      ItemProcessor: loop,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'T' }],
      End: true,
    };
    const { execution, events } = simulate({ definition: chain({ S: state, T: pass() }), input: [1, 2] });
    expect(events).toHaveLength(MAX_HISTORY_EVENTS);
    expect(execution.error).toBe('States.Runtime');
  });
});

test('a stray answer or timer changes nothing', () => {
  const started = apply(begin(chain({ S: task({ TimeoutSeconds: 5 }) })), {
    kind: 'started',
    at: START_MS,
    entropy: 'x',
  }).execution;
  for (const input of [
    { kind: 'task-settled', task: 99, outcome: { ok: true, output: 1 } },
    { kind: 'timers-fired', timers: [98, 99] },
    { kind: 'continued' },
  ] as const) {
    const result = apply(started, { ...input, at: START_MS + 1, entropy: 'y' });
    expect(result.events).toEqual([]);
    expect(result.commands).toEqual([]);
    expect(result.execution.threads).toEqual(started.threads);
  }
});
