import { once } from 'node:events';
import { connect } from 'node:net';
import { openTraceStore } from '@holdfast/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServiceUnderTest, serviceUnderTest } from '../testing/service.fixture.ts';

let payment: ServiceUnderTest;
beforeAll(async () => {
  payment = await serviceUnderTest('payment');
});
afterAll(() => payment[Symbol.asyncDispose]());

const GOOD = { orderId: 'o', customerId: 'c-001', amountCents: 1 };
const KEY = { 'idempotency-key': 'k' };

test.each<
  [
    why: string,
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    outcome: string,
    pointer?: string,
  ]
>([
  ['no key', 'POST', '/reservations', GOOD, {}, '400 idempotency-key-missing', '/headers/idempotency-key'],
  [
    'a key with a space',
    'POST',
    '/reservations',
    GOOD,
    { 'idempotency-key': 'a b' },
    '400 idempotency-key-missing',
    '/headers/idempotency-key',
  ],
  [
    'a key of 201 characters',
    'POST',
    '/reservations',
    GOOD,
    { 'idempotency-key': 'k'.repeat(201) },
    '400 idempotency-key-missing',
    '/headers/idempotency-key',
  ],
  ['broken JSON', 'POST', '/reservations', '{"orderId":', KEY, '400 malformed-json'],
  ['no body', 'POST', '/reservations', '', KEY, '400 malformed-json'],
  [
    'a wrong field',
    'POST',
    '/reservations',
    { ...GOOD, amountCents: -1 },
    KEY,
    '400 invalid-request',
    '/amountCents',
  ],
  ['an unknown field', 'POST', '/reservations', { ...GOOD, tip: 1 }, KEY, '400 invalid-request', '/tip'],
  [
    'a body for a command without',
    'POST',
    '/reservations/o/release',
    { a: 1 },
    KEY,
    '400 invalid-request',
    '/a',
  ],
  [
    'a path that is no id',
    'POST',
    '/reservations/a%20b/release',
    {},
    KEY,
    '400 invalid-request',
    '/path/orderId',
  ],
  [
    'another content type',
    'POST',
    '/reservations',
    'orderId=o',
    { ...KEY, 'content-type': 'text/plain' },
    '415 unsupported-content-type',
  ],
  ['65,537 bytes', 'POST', '/reservations', 'x'.repeat(65_537), KEY, '413 body-too-large'],
  ['no such path', 'GET', '/nothing', undefined, {}, '404 route-unknown'],
  ['another method', 'DELETE', '/reservations', undefined, {}, '404 route-unknown'],
  [
    'a page as caller',
    'GET',
    '/health',
    undefined,
    { origin: 'http://evil.example' },
    '403 foreign-request',
    '/headers/origin',
  ],
  ['chaos that is off', 'GET', '/chaos', undefined, {}, '404 chaos-disabled'],
  ['a crash that is off', 'POST', '/chaos/crash', undefined, {}, '404 chaos-disabled'],
])('%s is a problem document that says so', async (_why, method, path, body, headers, outcome, pointer) => {
  const reply = await payment.call(method, path, body, { ...headers, 'x-correlation-id': 'mine-1' });
  expect(reply.outcome).toBe(outcome);
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  expect(reply.headers.get('x-correlation-id')).toBe('mine-1');
  const [status, code] = outcome.split(' ');
  expect(reply.body).toEqual({
    type: `urn:holdfast:shop:${code}`,
    title: expect.any(String),
    status: Number(status),
    code,
    detail: expect.stringMatching(/.{15,}/),
    correlationId: 'mine-1',
    ...(pointer === undefined ? {} : { errors: [{ pointer, detail: expect.any(String) }] }),
  });
});

test('a body of 65,536 bytes is read, and refused for what it says', async () => {
  expect((await payment.post('/reservations', 'x'.repeat(65_536), 'k')).outcome).toBe('400 malformed-json');
});

test('a foreign host is refused', async () => {
  const { port } = new URL(payment.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET /health HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  await once(socket, 'close');
  expect(answer).toContain('HTTP/1.1 403');
  expect(answer).toContain('only services of this machine are answered');
});

test('bad requests changed nothing', async () => {
  const reply = await payment.post('/reservations', GOOD, 'k');
  expect(reply.outcome).toBe('201 reserved');
  expect(reply.headers.get('idempotent-replayed')).toBeNull();
});

test('health says who answers', async () => {
  expect((await payment.call('GET', '/health')).body).toEqual({
    service: 'payment',
    tier: 'critical',
    ok: true,
    pid: process.pid,
  });
});

test('each request leaves one log line and one span that continue the caller trace', async () => {
  await using history = await serviceUnderTest('history');
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-correlation-id': 'corr-7' };
  await history.call('GET', '/orders?customerId=c-001', undefined, headers);
  await history.call('GET', '/search?q=lamp&customerId=c-001', undefined, headers);
  await history.close();
  const lines = history.log().filter(({ msg }) => msg === 'request');
  const common = {
    service: 'history',
    correlationId: 'corr-7',
    traceId,
    method: 'GET',
    status: 200,
    answered: true,
  };
  expect(lines).toEqual([
    expect.objectContaining({ ...common, route: '/orders', path: '/orders', durationMs: expect.any(Number) }),
    expect.objectContaining({ ...common, route: '/search', path: '/search', durationMs: expect.any(Number) }),
  ]);
  using traces = openTraceStore(history.tracesFile);
  expect(traces.trace(traceId)).toEqual([
    expect.objectContaining({
      name: 'GET /orders',
      kind: 'server',
      service: 'history',
      parentSpanId: '00f067aa0ba902b7',
    }),
    expect.objectContaining({
      name: 'GET /search',
      kind: 'server',
      service: 'history',
      parentSpanId: '00f067aa0ba902b7',
    }),
  ]);
});
