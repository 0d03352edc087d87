import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { InvalidOptionsError } from '@holdfast/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventRecord } from '../engine/options.ts';
import { isArray, type Json, member, parseJson } from '../json/json.ts';
import {
  echo,
  ended,
  FUNCTION,
  ROLE,
  run,
  type TemporaryEngine,
  temporaryEngine,
} from '../testing/engine.fixture.ts';
import { type Sdk, sdkProcess } from '../testing/sdk.fixture.ts';
import { type StatesServer, serveStates } from './server.ts';

let sdk: Sdk;
beforeAll(() => {
  sdk = sdkProcess();
});
afterAll(() => sdk[Symbol.asyncDispose]());

interface Served extends TemporaryEngine {
  readonly server: StatesServer;
}

async function served(options: Partial<Parameters<typeof serveStates>[0]> = {}): Promise<Served> {
  const temporary = await temporaryEngine();
  const server = await serveStates({ engine: temporary.engine, port: 0, ...options });
  return {
    ...temporary,
    server,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

interface Reply {
  readonly status: number | undefined;
  readonly body: Json;
}

/** A request as a program other than the SDK might make it. */
function request(url: string, options: http.RequestOptions, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, { method: 'POST', ...options }, async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      resolve({ status: incoming.statusCode, body: parseJson(Buffer.concat(chunks).toString('utf8')) });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const target = (operation: string): http.RequestOptions => ({
  headers: { 'x-amz-target': `AWSStepFunctions.${operation}` },
});

describe('the stock SDK', () => {
  test('creates, starts, watches, lists and stops', async () => {
    await using temporary = await served();
    const { url } = temporary.server;
    const definition = JSON.stringify({
      StartAt: 'Call',
      States: {
        Call: { Type: 'Task', Resource: FUNCTION, Next: 'Wait' },
        Wait: { Type: 'Wait', Seconds: 600, End: true },
      },
    });
    const { stateMachineArn = null } = await sdk.send(url, 'createStateMachine', {
      name: 'm',
      definition,
      roleArn: ROLE,
    });
    const started = await sdk.send(url, 'startExecution', { stateMachineArn, name: 'e', input: '{"a":1}' });
    const executionArn = started['executionArn'] ?? null;
    expect(started['startDate']).toMatch(/^20\d\d-/);
    await expect
      .poll(async () => member(await sdk.send(url, 'getExecutionHistory', { executionArn }), 'events'))
      .toHaveLength(7);
    expect(await sdk.send(url, 'describeExecution', { executionArn })).toMatchObject({
      status: 'RUNNING',
      input: '{"a":1}',
      inputDetails: { included: true },
    });
    await sdk.send(url, 'stopExecution', { executionArn, error: 'E', cause: 'C' });
    expect(await sdk.send(url, 'describeExecution', { executionArn })).toMatchObject({
      status: 'ABORTED',
      error: 'E',
      cause: 'C',
      redriveStatus: 'REDRIVABLE',
    });
    const { events = null } = await sdk.send(url, 'getExecutionHistory', {
      executionArn,
      reverseOrder: true,
      maxResults: 2,
    });
    expect(events).toEqual([
      {
        timestamp: expect.any(String),
        type: 'ExecutionAborted',
        id: 8,
        previousEventId: 0,
        executionAbortedEventDetails: { error: 'E', cause: 'C' },
      },
      {
        timestamp: expect.any(String),
        type: 'WaitStateEntered',
        id: 7,
        previousEventId: 6,
        stateEnteredEventDetails: { name: 'Wait', input: '{"a":1}', inputDetails: { truncated: false } },
      },
    ]);
    expect(await sdk.send(url, 'listExecutions', { stateMachineArn })).toMatchObject({
      executions: [{ executionArn, name: 'e', status: 'ABORTED' }],
    });
    expect(await sdk.send(url, 'listStateMachines', {})).toMatchObject({
      stateMachines: [{ stateMachineArn, name: 'm', type: 'STANDARD' }],
    });
    expect(await sdk.send(url, 'describeStateMachine', { stateMachineArn })).toMatchObject({
      definition,
      roleArn: ROLE,
      status: 'ACTIVE',
      type: 'STANDARD',
    });
    const updated = await sdk.send(url, 'updateStateMachine', { stateMachineArn, roleArn: `${ROLE}2` });
    expect(updated['revisionId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(await sdk.send(url, 'describeStateMachineForExecution', { executionArn })).toMatchObject({
      definition,
      roleArn: ROLE,
    });
    await sdk.send(url, 'deleteStateMachine', { stateMachineArn });
    expect(await sdk.send(url, 'listStateMachines', {})).toMatchObject({ stateMachines: [] });
  });

  test.each<[why: string, operation: string, input: object, name: string, message: RegExp]>([
    [
      'an exception of AWS',
      'describeExecution',
      { executionArn: 'arn:aws:states:us-east-1:000000000000:execution:m:e' },
      'ExecutionDoesNotExist',
      /^Execution Does Not Exist: 'arn/,
    ],
    [
      'a missing member',
      'startExecution',
      {},
      'ValidationException',
      /Value null at 'stateMachineArn' failed to satisfy constraint/,
    ],
    [
      'a member of another type',
      'listStateMachines',
      { maxResults: 'many' },
      'ValidationException',
      /'maxResults' must be a number/,
    ],
    [
      'what it cannot run',
      'createStateMachine',
      {
        name: 'm',
        roleArn: ROLE,
        definition: '{"StartAt":"S","States":{"S":{"Type":"Pass","Assign":{},"End":true}}}',
      },
      'InvalidDefinition',
      /Assign.* at \/States\/S\/Assign/,
    ],
    [
      'an Express workflow',
      'createStateMachine',
      { name: 'm', roleArn: ROLE, definition: '{}', type: 'EXPRESS' },
      'StateMachineTypeNotSupported',
      /EXPRESS/,
    ],
    [
      'logging to CloudWatch',
      'createStateMachine',
      { name: 'm', roleArn: ROLE, definition: '{}', loggingConfiguration: { level: 'ALL' } },
      'InvalidLoggingConfiguration',
      /ALL/,
    ],
    [
      'tracing to X-Ray',
      'createStateMachine',
      { name: 'm', roleArn: ROLE, definition: '{}', tracingConfiguration: { enabled: true } },
      'InvalidTracingConfiguration',
      /X-Ray/,
    ],
    [
      'versions',
      'createStateMachine',
      { name: 'm', roleArn: ROLE, definition: '{}', publish: true },
      'ValidationException',
      /publish/,
    ],
    ['another operation', 'createActivity', { name: 'a' }, 'UnknownOperationException', /CreateActivity/],
  ])('is told of %s', async (_why, operation, input, name, message) => {
    await using temporary = await served();
    await expect(sdk.send(temporary.server.url, operation, input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  test('validates definitions', async () => {
    await using temporary = await served();
    const { url } = temporary.server;
    const good = JSON.stringify({ StartAt: 'S', States: { S: { Type: 'Succeed' } } });
    expect(await sdk.send(url, 'validateStateMachineDefinition', { definition: good })).toMatchObject({
      result: 'OK',
      diagnostics: [],
    });
    expect(
      await sdk.send(url, 'validateStateMachineDefinition', { definition: '{"StartAt":"S"}' }),
    ).toMatchObject({
      result: 'FAIL',
      diagnostics: [
        {
          severity: 'ERROR',
          code: 'SCHEMA_VALIDATION_FAILED',
          location: '/',
          message: 'These fields are required: [States]',
        },
      ],
    });
  });

  test('may leave payloads out of histories', async () => {
    await using temporary = await served();
    const executionArn = await run(temporary.engine, { S: { Type: 'Pass', End: true } }, { secret: 1 });
    const { events = null } = await sdk.send(temporary.server.url, 'getExecutionHistory', {
      executionArn,
      includeExecutionData: false,
    });
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events).toMatchObject([{}, { stateEnteredEventDetails: { name: 'S' } }, {}, {}]);
  });
});

describe('requests', () => {
  test('correlation and trace of StartExecution are kept', async () => {
    await using temporary = await served();
    const { engine, server } = temporary;
    const definition = JSON.stringify({ StartAt: 'S', States: { S: { Type: 'Pass', End: true } } });
    const { stateMachineArn } = await engine.createStateMachine({ name: 'm', definition, roleArn: ROLE });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { ...target('StartExecution').headers, 'x-correlation-id': 'order-7', traceparent };
    const { body } = await request(
      server.url,
      { headers },
      JSON.stringify({ stateMachineArn, traceHeader: 'Root=1' }),
    );
    const executionArn = String(member(body, 'executionArn'));
    expect(await engine.describeExecution({ executionArn })).toMatchObject({
      correlationId: 'order-7',
      traceparent,
      traceHeader: 'Root=1',
    });
  });

  test.each<[why: string, options: http.RequestOptions, body: string, status: number, type: string]>([
    ['no operation', {}, '{}', 400, 'UnknownOperationException'],
    ['an operation every object has', target('toString'), '{}', 400, 'UnknownOperationException'],
    ['no JSON', target('ListStateMachines'), '{', 400, 'SerializationException'],
    ['no object', target('ListStateMachines'), '[]', 400, 'SerializationException'],
    [
      'a body over the limit',
      target('ListStateMachines'),
      JSON.stringify({ x: 'x'.repeat(3_000) }),
      413,
      'ValidationException',
    ],
    [
      'a foreign Origin',
      { headers: { ...target('ListStateMachines').headers, origin: 'https://evil.example' } },
      '{}',
      403,
      'AccessDeniedException',
    ],
    [
      'a foreign Host',
      { headers: { ...target('ListStateMachines').headers, host: 'evil.example' } },
      '{}',
      403,
      'AccessDeniedException',
    ],
    ['another place', { path: '/elsewhere' }, '', 404, 'UnknownOperationException'],
    [
      'a feed from nowhere',
      { method: 'GET', path: '/holdfast/feed?after=-1' },
      '',
      400,
      'ValidationException',
    ],
  ])('%s', async (_why, options, body, status, type) => {
    await using temporary = await served({ maxBodyBytes: 2_048 });
    const reply = await request(temporary.server.url, options, body);
    expect({ status: reply.status, type: member(reply.body, '__type') }).toEqual({ status, type });
  });

  test('an empty body is an empty request', async () => {
    await using temporary = await served();
    expect(await request(temporary.server.url, target('ListStateMachines'))).toEqual({
      status: 200,
      body: { stateMachines: [] },
    });
  });

  test('health says how busy it is', async () => {
    await using temporary = await served();
    await run(temporary.engine, { S: { Type: 'Wait', Seconds: 600, End: true } });
    const reply = await request(temporary.server.url, { method: 'GET', path: '/holdfast/health' });
    expect(reply).toEqual({
      status: 200,
      body: { status: 'ok', runningExecutions: 1, activeTasks: 0, waitingTasks: 0 },
    });
  });

  test('an engine that cannot write is unavailable, not wrong', async () => {
    await using temporary = await served();
    await temporary.engine[Symbol.asyncDispose]();
    const reply = await request(
      temporary.server.url,
      target('DeleteStateMachine'),
      '{"stateMachineArn":"arn:aws:states:r:1:stateMachine:m"}',
    );
    expect(reply).toMatchObject({ status: 503, body: { __type: 'ServiceUnavailable' } });
  });

  test('a defect of ours is 500 and told to the operator', async () => {
    const errors: unknown[] = [];
    await using temporary = await temporaryEngine();
    const broken = { ...temporary.engine, listStateMachines: () => Promise.reject(new TypeError('defect')) };
    const server = await serveStates({ engine: broken, port: 0, onError: (error) => errors.push(error) });
    const reply = await request(server.url, target('ListStateMachines'), '{}');
    await server.close();
    expect(reply).toMatchObject({ status: 500, body: { __type: 'InternalFailure' } });
    expect(errors).toEqual([new TypeError('defect')]);
  });
});

describe('the feed', () => {
  /** Reads records until `enough` of them have come, then leaves. */
  async function read(
    url: string,
    path: string,
    enough: number,
    headers: Record<string, string> = {},
  ): Promise<readonly EventRecord[]> {
    const records: EventRecord[] = [];
    const outgoing = http.get(`${url}${path}`, { headers });
    const [incoming]: http.IncomingMessage[] = await once(outgoing, 'response');
    expect(incoming?.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    let rest = '';
    for await (const chunk of incoming ?? []) {
      const blocks = (rest + String(chunk)).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data === undefined) continue;
        const record: EventRecord = JSON.parse(data);
        expect(/^id: (.*)$/m.exec(block)?.[1]).toBe(String(record.sequence));
        records.push(record);
      }
      if (records.length >= enough) break;
    }
    outgoing.destroy();
    return records.slice(0, enough);
  }

  test('streams what was and what comes, and resumes', async () => {
    await using temporary = await served();
    const { engine, server } = temporary;
    const first = await run(engine, { S: { Type: 'Pass', End: true } }, {}, 'm1');
    const reading = read(server.url, '/holdfast/feed?after=0', 8);
    await ended(engine, first);
    const second = await run(engine, { S: { Type: 'Pass', End: true } }, {}, 'm2');
    const records = await reading;
    expect(
      records.map(
        ({ executionArn, event }) =>
          `${executionArn === first ? 1 : executionArn === second ? 2 : '?'} ${event.id}`,
      ),
    ).toEqual(['1 1', '1 2', '1 3', '1 4', '2 1', '2 2', '2 3', '2 4']);
    const after = records[2]?.sequence ?? 0;
    expect(await read(server.url, `/holdfast/feed?after=${after}`, 5)).toEqual(records.slice(3));
    expect(await read(server.url, '/holdfast/feed', 5, { 'last-event-id': String(after) })).toEqual(
      records.slice(3),
    );
  });

  test('ends when the server closes', async () => {
    const temporary = await served();
    const outgoing = http.get(`${temporary.server.url}/holdfast/feed`);
    const [incoming]: http.IncomingMessage[] = await once(outgoing, 'response');
    const end = once(incoming ?? outgoing, 'end');
    incoming?.resume();
    await temporary[Symbol.asyncDispose]();
    await end;
  });

  test('a reader that takes nothing holds neither memory nor the engine', async () => {
    await using temporary = await served();
    const { engine, server } = temporary;
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /holdfast/feed HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    socket.pause();
    const big = 'x'.repeat(100_000);
    for (let i = 0; i < 30; i += 1) await run(engine, { S: { Type: 'Pass', End: true } }, { big }, `m${i}`);
    const { stateMachines } = await engine.listStateMachines();
    expect(stateMachines).toHaveLength(30);
    socket.destroy();
  });
});

test('closing frees the port, and a port in use is said', async () => {
  await using temporary = await temporaryEngine({ invoke: echo });
  const { engine } = temporary;
  const first = await serveStates({ engine, port: 0 });
  await expect(serveStates({ engine, port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.close();
  const again = await serveStates({ engine, port: first.port });
  expect(again.url).toBe(first.url);
  await again.close();
});

test.each([
  { field: 'port', options: { port: 65_536 } },
  { field: 'port', options: { port: 1.5 } },
  { field: 'maxBodyBytes', options: { port: 0, maxBodyBytes: 10 } },
])('refuses $options', async ({ field, options }) => {
  await using temporary = await temporaryEngine();
  const serving = serveStates({ engine: temporary.engine, ...options });
  await expect(serving).rejects.toThrow(InvalidOptionsError);
  await expect(serving).rejects.toMatchObject({ field });
});

test('events in the API carry their details under their own name', async () => {
  await using temporary = await served();
  const executionArn = await run(temporary.engine, { S: { Type: 'Task', Resource: FUNCTION, End: true } });
  await ended(temporary.engine, executionArn);
  const reply = await request(
    temporary.server.url,
    target('GetExecutionHistory'),
    JSON.stringify({ executionArn }),
  );
  const events = member(reply.body, 'events');
  const names = isArray(events)
    ? events.map((event) => Object.keys(typeof event === 'object' ? (event ?? {}) : {})[4])
    : [];
  expect(names).toEqual([
    'executionStartedEventDetails',
    'stateEnteredEventDetails',
    'lambdaFunctionScheduledEventDetails',
    undefined,
    'lambdaFunctionSucceededEventDetails',
    'stateExitedEventDetails',
    'executionSucceededEventDetails',
  ]);
});
