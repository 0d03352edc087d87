import { mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredSpan } from '../span.ts';
import { hex, spanNumber, temporaryPath } from '../testing.fixture.ts';
import { openTraceStore, type TraceStoreOptions } from './trace-store.ts';

const NOW = 1_000_000;
const atNow: TraceStoreOptions = { runtime: { now: () => NOW } };

describe('what is written', () => {
  test.each<{ name: string; span: StoredSpan }>([
    { name: 'the least span', span: spanNumber(1) },
    {
      name: 'every field, with text that needs care',
      span: spanNumber(2, {
        parentSpanId: hex(1, 16),
        correlationId: "order-1'; --",
        kind: 'client',
        peer: 'payment',
        startMs: 1_795_480_177_297.25,
        durationMs: 4.635887,
        error: { code: 'HF_TIMEOUT', message: 'no answer "within" 500 ms ☂' },
        attributes: { route: '/orders', status: 504, retried: true, share: 0.25 },
        events: [{ name: 'retry', atMs: 1_795_480_177_299.5, attributes: { attempt: 2 } }],
      }),
    },
  ])('comes back equal: $name', ({ span }) => {
    using store = openTraceStore(temporaryPath('traces.sqlite'));
    store.write([span]);
    expect(store.trace(span.traceId)).toEqual([{ ...span, depth: 0 }]);
  });

  test('is there for another connection, and after closing and opening again', () => {
    const path = temporaryPath('traces.sqlite');
    using writer = openTraceStore(path);
    using reader = openTraceStore(path);
    writer.write([spanNumber(1)]);
    expect(reader.trace(hex(1, 32))).toHaveLength(1);
    writer[Symbol.dispose]();
    reader[Symbol.dispose]();
    using later = openTraceStore(path);
    expect(later.trace(hex(1, 32))).toHaveLength(1);
  });

  test('is kept once when it is written again, and the first writing stays', () => {
    using store = openTraceStore(temporaryPath('traces.sqlite'));
    store.write([spanNumber(1, { name: 'first' }), spanNumber(1, { name: 'second' })]);
    store.write([spanNumber(1, { name: 'third' })]);
    expect(store.trace(hex(1, 32)).map(({ name }) => name)).toEqual(['first']);
  });

  test('is nothing of a batch that holds a span SQLite refuses', () => {
    using store = openTraceStore(temporaryPath('traces.sqlite'));
    expect(() => store.write([spanNumber(1), spanNumber(2, { startMs: Number.NaN })])).toThrow(/NOT NULL/);
    expect(store.recent({ limit: 10 })).toEqual([]);
    store.write([spanNumber(3)]);
    expect(store.recent({ limit: 10 }).map(({ name }) => name)).toEqual(['span 3']);
  });
});

describe('the bound', () => {
  test('law: after every write exactly the newest spans are kept, however they were batched', () => {
    const reached = { under: false, over: false, batchOverBound: false };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 8 }),
        (maxSpans, batches) => {
          using store = openTraceStore(':memory:', { maxSpans });
          let written = 0;
          for (const size of batches) {
            store.write(Array.from({ length: size }, (_, index) => spanNumber(written + index)));
            written += size;
            const kept = store.recent({ limit: 1_000 }).map(({ traceId }) => Number.parseInt(traceId, 16));
            const expected = Array.from(
              { length: Math.min(written, maxSpans) },
              (_, age) => written - 1 - age,
            );
            expect(kept).toEqual(expected);
            reached.under ||= written > 0 && written < maxSpans;
            reached.over ||= written > maxSpans;
            reached.batchOverBound ||= size > maxSpans;
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(reached).toEqual({ under: true, over: true, batchOverBound: true });
  });

  test('lowered on a full file is reached by parts, not in one long transaction', () => {
    const path = temporaryPath('traces.sqlite');
    using wide = openTraceStore(path);
    wide.write(Array.from({ length: 5_000 }, (_, index) => spanNumber(index)));
    using narrow = openTraceStore(path, { maxSpans: 100 });
    const rows = () => new DatabaseSync(path).prepare('SELECT count(*) AS rows FROM spans').get()?.['rows'];
    const seen = [5_000, 5_001, 5_002].map((number) => {
      narrow.write([spanNumber(number)]);
      return rows();
    });
    expect(seen).toEqual([3_000, 1_000, 100]);
  });
});

describe('reading', () => {
  test('a trace is walked as a tree', () => {
    using store = openTraceStore(temporaryPath('traces.sqlite'));
    const below = (number: number, parent: number) =>
      spanNumber(number, { traceId: hex(1, 32), parentSpanId: hex(parent, 16) });
    store.write([below(4, 3), below(3, 1), below(2, 1), spanNumber(1), spanNumber(9)]);
    expect(store.trace(hex(1, 32)).map(({ name, depth }) => [name, depth])).toEqual([
      ['span 1', 0],
      ['span 2', 1],
      ['span 3', 1],
      ['span 4', 2],
    ]);
    expect(store.trace('unknown')).toEqual([]);
  });

  test('a correlation id spans several traces, in order of start', () => {
    using store = openTraceStore(temporaryPath('traces.sqlite'));
    const correlationId = 'order-1';
    store.write([spanNumber(3, { correlationId }), spanNumber(1, { correlationId }), spanNumber(2)]);
    expect(store.byCorrelation(correlationId).map(({ name }) => name)).toEqual(['span 1', 'span 3']);
  });

  const failed = { error: { code: 'E', message: 'm' } };
  test.each([
    { name: 'all, newest written first', query: {}, found: ['span 4', 'span 3', 'span 2', 'span 1'] },
    { name: 'at most the limit', query: { limit: 2 }, found: ['span 4', 'span 3'] },
    {
      name: 'one service, also where it only took part',
      query: { service: 'payment' },
      found: ['span 3', 'span 1'],
    },
    { name: 'since an end', query: { sinceMs: 3_010 }, found: ['span 4', 'span 3'] },
    { name: 'long ones', query: { minDurationMs: 500 }, found: ['span 4', 'span 1'] },
    { name: 'failed ones', query: { onlyErrors: true }, found: ['span 2', 'span 1'] },
    { name: 'all conditions at once', query: { service: 'payment', minDurationMs: 500 }, found: ['span 1'] },
    { name: 'nothing', query: { service: 'nobody' }, found: [] },
  ])('recent: $name', ({ query, found }) => {
    using store = openTraceStore(temporaryPath('traces.sqlite'));
    store.write([
      spanNumber(1, { durationMs: 600 }),
      spanNumber(11, {
        traceId: hex(1, 32),
        parentSpanId: hex(1, 16),
        startMs: 1_100,
        service: 'payment',
        ...failed,
      }),
      spanNumber(2, failed),
      spanNumber(3, { service: 'payment' }),
      spanNumber(4, { durationMs: 900 }),
    ]);
    expect(store.recent({ limit: 10, ...query }).map(({ name }) => name)).toEqual(found);
  });

  const endedAgo = (agoMs: number, durationMs: number) => ({ startMs: NOW - agoMs - durationMs, durationMs });
  test('the service map covers the calls that ended in its window', () => {
    using store = openTraceStore(temporaryPath('traces.sqlite'), atNow);
    store.write([
      spanNumber(1, { kind: 'client', peer: 'payment', ...endedAgo(1_000, 50) }),
      spanNumber(2, { kind: 'server', service: 'payment', ...endedAgo(1_000, 40), ...failed }),
      spanNumber(3, { kind: 'server', service: 'payment', ...endedAgo(9_000, 4_000) }),
      spanNumber(4, { kind: 'server', service: 'payment', ...endedAgo(10_001, 500) }),
      spanNumber(5, { ...endedAgo(1_000, 70) }),
    ]);
    const { windowMs, nodes, edges } = store.serviceMap({ sinceMs: NOW - 10_000 });
    expect(windowMs).toBe(10_000);
    expect(nodes).toMatchObject([
      { service: 'payment', calls: 2, errors: 1, ratePerSecond: 0.2, p50Ms: 40, p99Ms: 4_000 },
      { service: 'shop', calls: 0, seenBy: 'nobody' },
    ]);
    expect(edges).toMatchObject([{ from: 'shop', to: 'payment', calls: 1, errors: 0, p50Ms: 50 }]);
  });

  test('beyond 20_000 calls the map says the shorter window that it covers', () => {
    using store = openTraceStore(temporaryPath('traces.sqlite'), atNow);
    const calls = Array.from({ length: 20_010 }, (_, age) =>
      spanNumber(age, { kind: 'server', ...endedAgo(age, 0) }),
    );
    store.write(calls);
    const { windowMs, nodes } = store.serviceMap({ sinceMs: 0 });
    expect(windowMs).toBe(19_999);
    expect(nodes).toMatchObject([{ service: 'shop', calls: 20_000 }]);
  });

  test('latency is that of one service answering, in its window', () => {
    using store = openTraceStore(temporaryPath('traces.sqlite'), atNow);
    store.write([
      spanNumber(1, { kind: 'server', ...endedAgo(1, 30) }),
      spanNumber(2, { kind: 'client', peer: 'shop', ...endedAgo(1, 31) }),
      spanNumber(3, { kind: 'server', service: 'payment', ...endedAgo(1, 32) }),
      spanNumber(4, { kind: 'server', ...endedAgo(20_000, 33) }),
    ]);
    expect(store.latency({ service: 'shop', sinceMs: NOW - 10_000 })).toMatchObject({ count: 1, p50Ms: 30 });
  });
});

describe('what goes wrong', () => {
  test.each([
    { field: 'maxSpans', options: { maxSpans: 0 } },
    { field: 'maxSpans', options: { maxSpans: 1.5 } },
    { field: 'maxSpans', options: { maxSpans: 10_000_001 } },
    { field: 'busyTimeoutMs', options: { busyTimeoutMs: -1 } },
    { field: 'busyTimeoutMs', options: { busyTimeoutMs: Number.NaN } },
  ])('refuses $options', ({ field, options }) => {
    const value = Object.values(options)[0];
    expect(() => openTraceStore(':memory:', options)).toThrow(
      expect.objectContaining({ code: 'HF_INVALID_OPTIONS', field, value }),
    );
  });

  test('refuses a limit out of bounds', () => {
    using store = openTraceStore(':memory:');
    expect(() => store.recent({ limit: 0 })).toThrow(expect.objectContaining({ code: 'HF_INVALID_OPTIONS' }));
  });

  test.each<{ name: string; prepare: (path: string) => void; says: RegExp }>([
    { name: 'a folder', prepare: (path) => mkdirSync(path), says: /unable to open database file/ },
    {
      name: 'another kind of file',
      prepare: (path) => writeFileSync(path, 'x'.repeat(4_096)),
      says: /not a database/,
    },
    {
      name: 'a file of another release',
      prepare: (path) => new DatabaseSync(path).exec('PRAGMA user_version = 99'),
      says: /schema version 99, this release reads version 1/,
    },
  ])('names the path when it is $name', ({ prepare, says }) => {
    const path = temporaryPath('traces.sqlite');
    prepare(path);
    const unavailable = { code: 'HF_TRACE_STORE_UNAVAILABLE', retryable: false, path };
    expect(() => openTraceStore(path)).toThrow(expect.objectContaining(unavailable));
    expect(() => openTraceStore(path)).toThrow(says);
    expect(() => openTraceStore(path)).toThrow(JSON.stringify(path));
  });

  test('says that it is worth trying again while another process holds the lock, and only then', () => {
    const path = temporaryPath('traces.sqlite');
    using store = openTraceStore(path, { busyTimeoutMs: 1 });
    using other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const busy = { code: 'HF_TRACE_STORE_UNAVAILABLE', retryable: true, path };
    const startedMs = performance.now();
    expect(() => store.write([spanNumber(1)])).toThrow(expect.objectContaining(busy));
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(store.recent({ limit: 1 })).toEqual([]);
    other.exec('ROLLBACK');
    store.write([spanNumber(1)]);
    expect(store.recent({ limit: 1 })).toHaveLength(1);
  });

  test('after closing, use is an error and closing again is not', () => {
    const store = openTraceStore(':memory:');
    store[Symbol.dispose]();
    store[Symbol.dispose]();
    expect(() => store.write([spanNumber(1)])).toThrow(expect.objectContaining({ retryable: false }));
  });
});
