import { createServer } from 'node:http';
import type { Correlation } from '@holdfast/core';
import { expect, onTestFinished, test } from 'vitest';
import { openTraceStore } from './store/trace-store.ts';
import type { Telemetry } from './telemetry.ts';
import { CALLER, started, TRACE, temporaryPath } from './testing.fixture.ts';

/** A service that answers with what it saw, and counts as failed from status 500 on. */
async function serving(telemetry: Telemetry): Promise<string> {
  const server = createServer((request, response) => {
    void telemetry.serve(`${request.method} ${request.url}`, request.headers, {}, async (scope) => {
      telemetry.log.info('answering');
      const status = request.url === '/broken' ? 503 : 200;
      if (status >= 500) scope.fail(new Error('out of order'));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(scope.correlation));
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `http://127.0.0.1:${address.port}`;
}

test('a trace goes on from service to service, in spans and in log lines', async () => {
  const traceFile = temporaryPath('traces.sqlite');
  const shop = started({ traceFile, service: 'shop' });
  const payment = started({ traceFile, service: 'payment' });
  const url = await serving(payment.telemetry);

  const incoming = {
    traceparent: `00-${TRACE}-${CALLER}-01`,
    'x-correlation-id': 'order-1',
    tracestate: 'vendor=1',
  };
  await shop.telemetry.serve('POST /orders', incoming, { 'http.request.method': 'POST' }, async () => {
    shop.telemetry.log.info('placing');
    await shop.telemetry.call('reserve', { peer: 'payment' }, async (scope) => {
      expect(scope.headers()).toMatchObject({ tracestate: 'vendor=1' });
      const response = await fetch(`${url}/reserve`, { headers: scope.headers() });
      const seen: Correlation = await response.json();
      expect(seen.id).toBe('order-1');
      expect(seen.traceparent).toContain(TRACE);
    });
  });
  await payment.telemetry.flush();
  await shop.telemetry.flush();

  using store = openTraceStore(traceFile);
  const [outer, call, inner] = store.trace(TRACE);
  expect([outer, call, inner]).toMatchObject([
    { service: 'shop', name: 'POST /orders', kind: 'server', depth: 0, parentSpanId: CALLER },
    {
      service: 'shop',
      name: 'reserve',
      kind: 'client',
      depth: 1,
      peer: 'payment',
      parentSpanId: outer?.spanId,
    },
    { service: 'payment', name: 'GET /reserve', kind: 'server', depth: 2, parentSpanId: call?.spanId },
  ]);
  expect(store.byCorrelation('order-1')).toHaveLength(3);
  expect(store.serviceMap({ sinceMs: 0 }).edges).toMatchObject([
    { from: 'shop', to: 'payment', calls: 1, errors: 0 },
  ]);

  const ids = { correlationId: 'order-1', traceId: TRACE };
  expect(shop.lines()).toMatchObject([
    { msg: 'placing', service: 'shop', instance: 'a', ...ids, spanId: outer?.spanId },
  ]);
  expect(payment.lines()).toMatchObject([
    { msg: 'answering', service: 'payment', ...ids, spanId: inner?.spanId },
  ]);
});

test('an answer marked as failed is a failed span', async () => {
  const { telemetry, spans } = started();
  const url = await serving(telemetry);
  await fetch(`${url}/broken`, { headers: { 'x-correlation-id': 'order-2' } });
  expect(await spans('order-2')).toMatchObject([{ error: { code: 'Error', message: 'out of order' } }]);
});

test.each([
  { name: 'nothing', headers: {} },
  { name: 'nonsense', headers: { traceparent: '00-xyz', 'x-correlation-id': 'two words' } },
])('a caller that sends $name gets a new trace and a new id', async ({ headers }) => {
  const { telemetry } = started();
  const url = await serving(telemetry);
  const correlation = async () => (await fetch(url, { headers })).json();
  const [first, second] = [await correlation(), await correlation()];
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    traceparent: expect.stringMatching(/^00-/),
  });
  expect(second.id).not.toBe(first.id);
  expect(second.traceparent.slice(3, 35)).not.toBe(first.traceparent.slice(3, 35));
});

test('a caller that chose not to be sampled is not stored, and the choice goes on', async () => {
  const { telemetry, spans } = started();
  const headers = { traceparent: `00-${TRACE}-${CALLER}-00`, 'x-correlation-id': 'order-3' };
  await telemetry.serve('GET /', headers, {}, async (scope) => {
    expect(scope.headers()['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(scope.headers()['x-correlation-id']).toBe('order-3');
  });
  expect(await spans('order-3')).toEqual([]);
});
