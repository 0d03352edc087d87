import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { recordedTraceparent } from './span-ids.ts';
import { openTraceStore } from './store/trace-store.ts';
import { CALLER, started, TRACE, temporaryPath } from './testing.fixture.ts';

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

  test('cuts names and error messages', async () => {
    const { telemetry, spans } = started();
    const error = { code: 'E', message: 'm'.repeat(2_000) };
    telemetry.record({ ...step, name: 'n'.repeat(300), startMs: 1, endMs: 2, error });
    expect(await spans('order-6')).toMatchObject([
      { name: 'n'.repeat(256), error: { code: 'E', message: `${'m'.repeat(1_024)}…` } },
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
