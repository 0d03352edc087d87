import { DatabaseSync } from 'node:sqlite';
import { SpanKind } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { openTraceStore } from '../store/trace-store.ts';
import { temporaryPath } from '../testing.fixture.ts';
import type { DropReason } from './drops.ts';
import { sqliteSpanExporter } from './exporter.ts';

function endedSpans(count: number): ReadableSpan[] {
  const memory = new InMemorySpanExporter();
  const resource = resourceFromAttributes({ 'service.name': 'shop', 'service.instance.id': '7' });
  const provider = new TracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor({ exporter: memory })],
  });
  const tracer = provider.getTracer('test');
  for (let number = 0; number < count; number += 1) {
    tracer.startSpan(`span ${number}`, { kind: SpanKind.SERVER, attributes: { list: [1, 2] } }).end();
  }
  return memory.getFinishedSpans();
}

/** An exporter to a real file, whose waits between attempts run `duringWait` instead of taking time. */
function exporting(duringWait: (wait: number) => void = () => {}) {
  const path = temporaryPath('traces.sqlite');
  const store = openTraceStore(path, { busyTimeoutMs: 1 });
  const drops: { reason: DropReason; count: number; error: unknown }[] = [];
  const waits: number[] = [];
  const exporter = sqliteSpanExporter({
    store,
    drops: { add: (reason, count, error) => drops.push({ reason, count, error }) },
    runtime: {
      sleep: async (ms) => {
        waits.push(ms);
        duringWait(waits.length);
      },
    },
  });
  const run = (spans: ReadableSpan[]) =>
    new Promise<ExportResult>((resolve) => exporter.export(spans, resolve));
  const stored = () => store.recent({ limit: 1_000 }).length;
  return { path, store, drops, waits, exporter, run, stored };
}

test('stores spans with their resource', async () => {
  const { store, run, drops } = exporting();
  using _ = store;
  expect(await run(endedSpans(2))).toEqual({ code: ExportResultCode.SUCCESS });
  const [latest] = store.recent({ limit: 5 });
  expect(store.trace(latest?.traceId ?? '')).toMatchObject([
    { name: 'span 1', service: 'shop', instance: '7', kind: 'server', attributes: { list: '[1,2]' } },
  ]);
  expect(drops).toEqual([]);
});

test('a busy file is tried again, and the event loop is free meanwhile', async () => {
  const lock: { database?: DatabaseSync } = {};
  const { path, store, run, waits, drops, stored } = exporting((wait) => {
    if (wait === 2) lock.database?.exec('ROLLBACK');
  });
  using _ = store;
  lock.database = new DatabaseSync(path);
  lock.database.exec('BEGIN IMMEDIATE');
  expect(await run(endedSpans(3))).toEqual({ code: ExportResultCode.SUCCESS });
  expect(waits).toEqual([100, 200]);
  expect({ stored: stored(), drops }).toEqual({ stored: 3, drops: [] });
});

test('a file that stays busy costs the batch, counted once, after four attempts', async () => {
  const { path, store, run, waits, drops, stored } = exporting();
  using _ = store;
  using other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const result = await run(endedSpans(3));
  expect(result).toMatchObject({
    code: ExportResultCode.FAILED,
    error: { code: 'HF_TRACE_STORE_UNAVAILABLE' },
  });
  expect(waits).toEqual([100, 200, 400]);
  expect(drops).toEqual([{ reason: 'store-unavailable', count: 3, error: result.error }]);
  other.exec('ROLLBACK');
  expect(stored()).toBe(0);
});

test('a broken store costs the batch at once', async () => {
  const { store, run, waits, drops } = exporting();
  store[Symbol.dispose]();
  expect(await run(endedSpans(2))).toMatchObject({ code: ExportResultCode.FAILED });
  expect(waits).toEqual([]);
  expect(drops).toMatchObject([{ reason: 'store-unavailable', count: 2, error: { retryable: false } }]);
});

test.each(['forceFlush', 'shutdown'] as const)(
  '%s waits for a batch that is being tried again',
  async (wait) => {
    const order: string[] = [];
    const lock: { database?: DatabaseSync } = {};
    const { path, store, exporter } = exporting(() => {
      order.push('tried again');
      lock.database?.close();
    });
    using _ = store;
    lock.database = new DatabaseSync(path);
    lock.database.exec('BEGIN IMMEDIATE');
    exporter.export(endedSpans(1), ({ code }) => order.push(`result ${code}`));
    await exporter[wait]?.();
    order.push('waited');
    expect(order).toEqual(['tried again', `result ${ExportResultCode.SUCCESS}`, 'waited']);
  },
);
