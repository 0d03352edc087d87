import { once } from 'node:events';
import { createServer } from 'node:net';
import { InvalidOptionsError } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import type { TaskCall } from '../engine/tasks.ts';
import type { TaskOutcome } from '../interpreter/protocol.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { fakeLambda, type LambdaAnswer } from '../testing/lambda.fixture.ts';
import { freePort } from '../testing/processes.fixture.ts';
import { lambdaInvoker } from './invoker.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:pay';
const INVOKE = 'arn:aws:states:::lambda:invoke';

function call(parameters: Json, resource: TaskCall['resource'] = { kind: 'function', arn: ARN }): TaskCall {
  return {
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:m:e',
    executionName: 'e',
    stateMachineName: 'm',
    stateName: 'S',
    attempt: 1,
    token: 'the-token',
    resumed: false,
    resource,
    parameters,
    correlationId: 'c-1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    traceHeader: 'Root=1-2-3',
  };
}

const optimised = (parameters: JsonObject): TaskCall =>
  call(parameters, { kind: 'lambda-invoke', arn: INVOKE });

async function invoke(answer: LambdaAnswer, task: TaskCall): Promise<TaskOutcome> {
  await using lambda = await fakeLambda(() => answer);
  return await lambdaInvoker({ endpoints: [lambda.url] })(task, new AbortController().signal);
}

test('a function gets its input as payload, with token, correlation and trace', async () => {
  await using lambda = await fakeLambda(() => ({ body: { done: true } }));
  const outcome = await lambdaInvoker({ endpoints: [lambda.url] })(
    call({ a: 'é' }),
    new AbortController().signal,
  );
  expect(outcome).toEqual({ ok: true, output: { done: true } });
  expect(lambda.calls).toEqual([
    {
      name: 'pay',
      query: '',
      payload: { a: 'é' },
      token: 'the-token',
      headers: expect.objectContaining({
        'x-correlation-id': 'c-1',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        'x-amzn-trace-id': 'Root=1-2-3',
      }),
    },
  ]);
});

test('lambda:invoke answers with the whole response, as AWS shapes it', async () => {
  const answer = { headers: { 'x-amzn-requestid': 'r-1' }, body: { done: true } };
  const outcome = await invoke(answer, optimised({ FunctionName: 'pay', Payload: { a: 1 } }));
  expect(outcome).toEqual({
    ok: true,
    output: {
      ExecutedVersion: '$LATEST',
      Payload: { done: true },
      SdkHttpMetadata: {
        AllHttpHeaders: expect.objectContaining({
          'x-amz-executed-version': ['$LATEST'],
          'x-amzn-requestid': ['r-1'],
        }),
        HttpHeaders: expect.objectContaining({
          'x-amz-executed-version': '$LATEST',
          'x-amzn-requestid': 'r-1',
        }),
        HttpStatusCode: 200,
      },
      SdkResponseMetadata: { RequestId: 'r-1' },
      StatusCode: 200,
    },
  });
});

describe('the request', () => {
  test.each<[why: string, parameters: JsonObject, name: string, payload: Json, headers: object]>([
    ['a plain name', { FunctionName: 'pay' }, 'pay', null, {}],
    ['an ARN', { FunctionName: ARN, Payload: 1 }, 'pay', 1, {}],
    ['a partial ARN', { FunctionName: '000000000000:function:pay', Payload: 1 }, 'pay', 1, {}],
    [
      'an event',
      { FunctionName: 'pay', InvocationType: 'Event' },
      'pay',
      null,
      { 'x-amz-invocation-type': 'Event' },
    ],
    [
      'a client context',
      { FunctionName: 'pay', ClientContext: 'abc' },
      'pay',
      null,
      { 'x-amz-client-context': 'abc' },
    ],
    [
      'a client context as JSON',
      { FunctionName: 'pay', ClientContext: { a: 1 } },
      'pay',
      null,
      { 'x-amz-client-context': 'eyJhIjoxfQ==' },
    ],
    ['a log type', { FunctionName: 'pay', LogType: 'Tail' }, 'pay', null, { 'x-amz-log-type': 'Tail' }],
  ])('%s', async (_why, parameters, name, payload, headers) => {
    await using lambda = await fakeLambda(() => ({ body: 1 }));
    await lambdaInvoker({ endpoints: [lambda.url] })(optimised(parameters), new AbortController().signal);
    expect(lambda.calls[0]).toMatchObject({ name, payload, headers });
  });

  test.each([
    ['in the name', { FunctionName: 'pay:live' }],
    ['in the ARN', { FunctionName: `${ARN}:live` }],
    ['of its own', { FunctionName: 'pay', Qualifier: 'live' }],
  ])('a qualifier %s', async (_why, parameters) => {
    await using lambda = await fakeLambda(() => ({ body: 1 }));
    await lambdaInvoker({ endpoints: [lambda.url] })(optimised(parameters), new AbortController().signal);
    expect(lambda.calls[0]).toMatchObject({ name: 'pay', query: 'Qualifier=live' });
  });
});

describe('failures', () => {
  const thrown = { errorMessage: 'no', errorType: 'Declined' };
  const sdk = (status: number, code: string): string =>
    `(Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Request ID: ; Proxy: null)`;
  test.each<[why: string, answer: LambdaAnswer, task: TaskCall, error: string, cause: string]>([
    [
      'the function threw',
      { headers: { 'x-amz-function-error': 'Unhandled' }, body: thrown },
      call({}),
      'Declined',
      JSON.stringify(thrown),
    ],
    [
      'it threw under lambda:invoke',
      { headers: { 'x-amz-function-error': 'Unhandled' }, body: thrown },
      optimised({ FunctionName: 'pay' }),
      'Declined',
      JSON.stringify(thrown),
    ],
    [
      'it threw something odd',
      { headers: { 'x-amz-function-error': 'Unhandled' }, body: 'odd' },
      call({}),
      'Lambda.Unknown',
      '"odd"',
    ],
    [
      'there is no such function',
      {
        status: 404,
        headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
        body: { Message: 'Function not found: pay' },
      },
      call({}),
      'Lambda.ResourceNotFoundException',
      `Function not found: pay ${sdk(404, 'ResourceNotFoundException')}`,
    ],
    [
      '404 without a code',
      { status: 404, body: {} },
      call({}),
      'Lambda.ResourceNotFoundException',
      `HTTP status 404 ${sdk(404, 'ResourceNotFoundException')}`,
    ],
    [
      'throttled',
      { status: 429, body: { message: 'slow down' } },
      call({}),
      'Lambda.TooManyRequestsException',
      `slow down ${sdk(429, 'TooManyRequestsException')}`,
    ],
    [
      'the service broke',
      { status: 502, body: null },
      call({}),
      'Lambda.ServiceException',
      `HTTP status 502 ${sdk(502, 'ServiceException')}`,
    ],
    [
      'a code with a suffix',
      { status: 500, headers: { 'x-amzn-errortype': 'ENILimitReachedException:http://x' }, body: {} },
      call({}),
      'Lambda.ENILimitReachedException',
      `HTTP status 500 ${sdk(500, 'ENILimitReachedException')}`,
    ],
    [
      'another refusal',
      { status: 400, body: {} },
      call({}),
      'Lambda.AWSLambdaException',
      `HTTP status 400 ${sdk(400, 'AWSLambdaException')}`,
    ],
  ])('%s', async (_why, answer, task, error, cause) => {
    expect(await invoke(answer, task)).toEqual({ ok: false, error, cause });
  });

  test('nobody is there', async () => {
    const port = await freePort();
    const outcome = await lambdaInvoker({ endpoints: [`http://127.0.0.1:${port}`] })(
      call({}),
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({
      ok: false,
      error: 'Lambda.SdkClientException',
      cause: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('the connection breaks after the request was sent: it is not sent to another endpoint', async () => {
    const breaking = createServer((socket) => socket.once('data', () => socket.destroy())).listen(
      0,
      '127.0.0.1',
    );
    await once(breaking, 'listening');
    const address = breaking.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await using lambda = await fakeLambda(() => ({ body: 1 }));
    const outcome = await lambdaInvoker({ endpoints: [`http://127.0.0.1:${port}`, lambda.url] })(
      call({}),
      new AbortController().signal,
    );
    breaking.close();
    expect(outcome).toMatchObject({ ok: false, error: 'Lambda.SdkClientException' });
    expect(lambda.calls).toEqual([]);
  });

  test('an answer over 6 MiB is cut off', async () => {
    const outcome = await invoke({ body: 'x'.repeat(6 * 1_048_576) }, call({}));
    expect(outcome).toMatchObject({
      ok: false,
      error: 'Lambda.SdkClientException',
      cause: expect.stringContaining('larger than 6291456 bytes'),
    });
  });
});

describe('several endpoints', () => {
  test('take turns', async () => {
    await using first = await fakeLambda(() => ({ body: 1 }));
    await using second = await fakeLambda(() => ({ body: 2 }));
    const invoker = lambdaInvoker({ endpoints: [first.url, second.url] });
    for (let i = 0; i < 6; i += 1) await invoker(call({}), new AbortController().signal);
    expect([first.calls.length, second.calls.length]).toEqual([3, 3]);
  });

  test('a refused connection moves to the next', async () => {
    const port = await freePort();
    await using lambda = await fakeLambda(() => ({ body: 'here' }));
    const invoker = lambdaInvoker({ endpoints: [`http://127.0.0.1:${port}`, lambda.url] });
    for (let i = 0; i < 4; i += 1) {
      expect(await invoker(call({}), new AbortController().signal)).toEqual({ ok: true, output: 'here' });
    }
    expect(lambda.calls).toHaveLength(4);
  });
});

test('aborting ends the request on the wire', async () => {
  await using lambda = await fakeLambda(() => ({ body: 1, delayMs: 60_000 }));
  const controller = new AbortController();
  const outcome = lambdaInvoker({ endpoints: [lambda.url] })(call({}), controller.signal);
  await expect.poll(() => lambda.calls.length).toBe(1);
  controller.abort();
  expect(await outcome).toMatchObject({ ok: false });
  await expect.poll(() => lambda.aborted.length).toBe(1);
});

test('an endpoint that never answers is given up', async () => {
  await using lambda = await fakeLambda(() => ({ body: 1, delayMs: 60_000 }));
  const invoker = lambdaInvoker({ endpoints: [lambda.url], timeoutMs: 1_000 });
  expect(await invoker(call({}), new AbortController().signal)).toEqual({
    ok: false,
    error: 'Lambda.SdkClientException',
    cause: 'Unable to execute HTTP request: no answer for 1000 ms',
  });
});

test.each([
  { why: 'none', options: { endpoints: [] } },
  { why: '65', options: { endpoints: Array(65).fill('http://127.0.0.1:1') } },
  { why: 'no URL', options: { endpoints: ['127.0.0.1:3001'] } },
  { why: 'another protocol', options: { endpoints: ['ftp://127.0.0.1'] } },
  { why: 'no time', options: { endpoints: ['http://127.0.0.1:1'], timeoutMs: 0 } },
  { why: 'no sockets', options: { endpoints: ['http://127.0.0.1:1'], maxIdleSockets: 0 } },
])('refuses endpoints: $why', ({ options }) => {
  expect(() => lambdaInvoker(options)).toThrow(InvalidOptionsError);
});
