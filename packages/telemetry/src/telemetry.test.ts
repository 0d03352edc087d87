import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Correlation } from '@holdfast/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { recordedTraceparent } from './span-ids.ts';
import { openTraceStore } from './store/trace-store.ts';
import { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';
import { temporaryPath } from './testing.fixture.ts';

type LogLine = Readonly<Record<string, unknown>>;

/** Telemetry on files of its own, with readers for both. */
function started(options: Partial<TelemetryOptions> = {}) {
  const traceFile = options.traceFile ?? temporaryPath('traces.sqlite');
  const logDestination = temporaryPath('service.log');
  const telemetry = startTelemetry({ service: 'shop', instance: 'a', traceFile, logDestination, ...options });
  onTestFinished(async () => telemetry[Symbol.asyncDispose]());
  return {
    telemetry,
    traceFile,
    spans: async (correlationId: string) => {
      await telemetry.flush();
      using store = openTraceStore(traceFile);
      return store.byCorrelation(correlationId);
    },
    lines: (): LogLine[] =>
      readFileSync(logDestination, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

describe('over HTTP', () => {
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
});

describe('within a process', () => {
  test('a hundred interleaved requests do not mix their ids', async () => {
    const { telemetry, lines } = started();
    const ids = Array.from({ length: 100 }, (_, index) => `request-${index}`);
    await Promise.all(
      ids.map((id) =>
        telemetry.serve('GET /', { 'x-correlation-id': id }, {}, async (scope) => {
          await nextTurn();
          await telemetry.span('inner', {}, async (inner) => {
            await nextTurn();
            telemetry.log.info({ id }, 'inside');
            expect(telemetry.current()).toEqual(inner.correlation);
          });
          expect(telemetry.current()).toEqual(scope.correlation);
        }),
      ),
    );
    const logged = lines();
    expect(logged.map(({ correlationId }) => correlationId)).toEqual(logged.map(({ id }) => id));
    expect(new Set(logged.map(({ spanId }) => spanId)).size).toBe(ids.length);
  });

  test('outside of any span there is no correlation, in the log neither; two telemetries do not see each other', async () => {
    const [one, two] = [started(), started()];
    expect(one.telemetry.current()).toBeUndefined();
    await one.telemetry.span('work', {}, async () => {
      expect(one.telemetry.current()).toBeDefined();
      expect(two.telemetry.current()).toBeUndefined();
      two.telemetry.log.info('elsewhere');
    });
    expect(two.lines()).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        service: 'shop',
        instance: 'a',
        pid: process.pid,
        msg: 'elsewhere',
      },
    ]);
  });

  test('work keeps its result and its error, and the error is in its span', async () => {
    const { telemetry, spans } = started();
    const headers = { 'x-correlation-id': 'order-4' };
    const error = Object.assign(new Error('x'.repeat(2_000)), { code: 'HF_TIMEOUT' });
    expect(await telemetry.serve('fine', headers, {}, async () => 42)).toBe(42);
    await expect(telemetry.serve('failing', headers, {}, () => Promise.reject(error))).rejects.toBe(error);
    const throwing = telemetry.serve('throwing', headers, {}, () => {
      throw error;
    });
    await expect(throwing).rejects.toBe(error);

    const recorded = await spans('order-4');
    const [fine, failing, thrown] = ['fine', 'failing', 'throwing'].map((name) =>
      recorded.find((span) => span.name === name),
    );
    expect(recorded).toHaveLength(3);
    expect(fine).not.toHaveProperty('error');
    expect(failing?.error).toEqual({ code: 'HF_TIMEOUT', message: `${'x'.repeat(1_024)}…` });
    expect(failing?.events).toMatchObject([
      { name: 'exception', attributes: { 'exception.type': 'HF_TIMEOUT' } },
    ]);
    expect(thrown?.error?.code).toBe('HF_TIMEOUT');
  });

  test('a scope describes its span within bounds, and does nothing after the end', async () => {
    const { telemetry, spans } = started();
    const scope = await telemetry.serve(
      'GET /',
      { 'x-correlation-id': 'order-5' },
      { first: 1 },
      async (inside) => {
        inside.set({ first: 2, long: 'y'.repeat(5_000), list: ['a', 'b'] });
        inside.set(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`extra${index}`, index])));
        for (let number = 0; number < 40; number += 1) inside.event('step', { number });
        return inside;
      },
    );
    scope.set({ late: true });
    scope.event('late');
    scope.fail(new Error('late'));

    const [span] = await spans('order-5');
    expect(span?.attributes).toMatchObject({ first: 2, long: 'y'.repeat(2_048), list: '["a","b"]' });
    expect(span?.attributes).not.toHaveProperty('late');
    expect(Object.keys(span?.attributes ?? {}).length).toBeLessThanOrEqual(64);
    expect(span?.events.map(({ attributes }) => attributes['number'])).toEqual(
      Array.from({ length: 32 }, (_, i) => i + 8),
    );
    expect(span).not.toHaveProperty('error');
  });
});

describe('record', () => {
  const step = {
    name: 'ReservePayment',
    kind: 'internal',
    correlationId: 'order-6',
    attributes: {},
  } as const;

  test('stores a span with the times, parent and error given', async () => {
    const { telemetry, spans } = started();
    const parent = `00-${TRACE}-${CALLER}-01`;
    const error = { code: 'States.Timeout', message: 'no answer' };
    const recorded = {
      ...step,
      startMs: 1_000,
      endMs: 1_250,
      parent,
      error,
      attributes: { attempt: 2, peer: 'payment' },
    };
    const traceparent = telemetry.record(recorded);
    const [span, ...others] = await spans('order-6');
    expect(others).toEqual([]);
    expect(span).toEqual({
      traceId: TRACE,
      spanId: traceparent.split('-')[2],
      parentSpanId: CALLER,
      correlationId: 'order-6',
      service: 'shop',
      instance: 'a',
      name: 'ReservePayment',
      kind: 'internal',
      peer: 'payment',
      startMs: 1_000,
      durationMs: 250,
      error,
      attributes: { attempt: 2 },
      events: [],
    });
  });

  test('is not a child of the span it is called in', async () => {
    const { telemetry, spans } = started();
    await telemetry.span('around', {}, async () => {
      telemetry.record({ ...step, startMs: 1, endMs: 2 });
    });
    const [span] = await spans('order-6');
    expect(span).not.toHaveProperty('parentSpanId');
  });

  test('the same key is the same span, also from another process, and can be the parent of one recorded before', async () => {
    const traceFile = temporaryPath('traces.sqlite');
    const [one, two] = [started({ traceFile }), started({ traceFile, instance: 'b' })];
    const parent = recordedTraceparent('execution-1', `00-${TRACE}-${CALLER}-01`);
    const child = { ...step, startMs: 10, endMs: 20, parent, key: 'execution-1/4' };
    const execution = {
      ...step,
      name: 'execution',
      startMs: 5,
      endMs: 30,
      parent: `00-${TRACE}-${CALLER}-01`,
      key: 'execution-1',
    };
    const recorded = [one, two].map(({ telemetry }) => [
      telemetry.record(child),
      telemetry.record(execution),
    ]);
    expect(recorded[1]).toEqual(recorded[0]);
    expect(recorded[0]?.[1]).toBe(parent);
    await Promise.all([one.telemetry.flush(), two.telemetry.flush()]);

    using store = openTraceStore(traceFile);
    expect(store.trace(TRACE).map(({ name, depth }) => [name, depth])).toEqual([
      ['execution', 0],
      ['ReservePayment', 1],
    ]);
  });

  test.each([
    {
      name: 'an end before its start',
      startMs: 2_000,
      endMs: 1_000,
      stored: { startMs: 2_000, durationMs: 0 },
    },
    { name: 'no usable start', startMs: Number.NaN, endMs: 1_000, stored: { startMs: 1_000, durationMs: 0 } },
    { name: 'a malformed parent', startMs: 0, endMs: 1, parent: 'nonsense', stored: { durationMs: 1 } },
  ])('makes the best of $name', async ({ stored, name: _, ...given }) => {
    const { telemetry, spans } = started();
    telemetry.record({ ...step, ...given });
    const [span] = await spans('order-6');
    expect(span).toMatchObject(stored);
    expect(span).not.toHaveProperty('parentSpanId');
  });
});

describe('its life', () => {
  test('without a trace file spans carry the trace on and nothing is stored', async () => {
    const telemetry = startTelemetry({ service: 'shop', logLevel: 'silent' });
    await telemetry.serve('GET /', { traceparent: `00-${TRACE}-${CALLER}-01` }, {}, async (scope) => {
      expect(scope.headers()['traceparent']).toMatch(
        new RegExp(`^00-${TRACE}-(?!${CALLER})[0-9a-f]{16}-01$`),
      );
    });
    await telemetry.flush();
    await telemetry[Symbol.asyncDispose]();
    expect(telemetry.droppedSpans()).toBe(0);
  });

  test('disposing stores what waits; afterwards work still runs, unrecorded', async () => {
    const { telemetry, traceFile, lines } = started();
    await telemetry.serve('before', { 'x-correlation-id': 'order-7' }, {}, async () => {});
    await Promise.all([telemetry[Symbol.asyncDispose](), telemetry[Symbol.asyncDispose]()]);
    const after = telemetry.serve('after', { 'x-correlation-id': 'order-7' }, {}, async () => 'done');
    expect(await after).toBe('done');
    telemetry.log.error('late');
    await telemetry.flush();
    using store = openTraceStore(traceFile);
    expect(store.byCorrelation('order-7').map(({ name }) => name)).toEqual(['before']);
    expect(lines()).toEqual([]);
  });

  test('a trace file that breaks costs spans and one log line, not the work', async () => {
    const { telemetry, traceFile, lines } = started();
    using database = new DatabaseSync(traceFile);
    database.exec('DROP TABLE spans');
    for (const work of ['one', 'two', 'three']) {
      expect(await telemetry.span(work, {}, async () => work)).toBe(work);
      await telemetry.flush();
    }
    expect(telemetry.droppedSpans()).toBe(3);
    expect(lines()).toMatchObject([
      {
        level: 'warn',
        dropped: 1,
        reasons: { 'store-unavailable': 1 },
        err: { code: 'HF_TRACE_STORE_UNAVAILABLE' },
      },
    ]);
    await telemetry[Symbol.asyncDispose]();
    expect(lines()[1]).toMatchObject({ level: 'warn', dropped: 2 });
  });

  test('only lines of the level and above are written', () => {
    const { telemetry, lines } = started({ logLevel: 'warn' });
    telemetry.log.info('no');
    telemetry.log.warn('yes');
    expect(lines().map(({ msg }) => msg)).toEqual(['yes']);
  });

  test.each([
    { field: 'service', options: { service: '' } },
    { field: 'service', options: { service: 'x'.repeat(129) } },
    { field: 'instance', options: { service: 'shop', instance: '' } },
    { field: 'logLevel', options: { service: 'shop', logLevel: 'loud' } },
    { field: 'maxSpans', options: { service: 'shop', traceFile: ':memory:', maxSpans: 0 } },
  ])('refuses a bad $field', ({ field, options }) => {
    expect(() => startTelemetry(options)).toThrow(
      expect.objectContaining({ code: 'HF_INVALID_OPTIONS', field }),
    );
  });

  test.each([
    { name: 'trace file', code: 'HF_TRACE_STORE_UNAVAILABLE', option: 'traceFile' },
    { name: 'log file', code: 'HF_LOG_DESTINATION', option: 'logDestination' },
  ])('a $name that cannot be opened is refused by its path', ({ code, option }) => {
    const path = temporaryPath('folder');
    mkdirSync(path);
    expect(() => startTelemetry({ service: 'shop', [option]: path })).toThrow(
      expect.objectContaining({ code, path }),
    );
  });
});
