import type { Tracer } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  type ReadableSpan,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { spanQueue } from './span-queue.ts';

/** A queue before an exporter that answers each batch by `answer`, or, without one, only when its test does. */
function queueOf(maxQueued: number, answer?: ExportResult) {
  const batches: { spans: readonly ReadableSpan[]; answer: (result: ExportResult) => void }[] = [];
  const dropped = { count: 0, reasons: new Set<string>() };
  const calls: string[] = [];
  const queue = spanQueue({
    exporter: {
      export: (spans, callback) => {
        batches.push({ spans, answer: callback });
        if (answer !== undefined) callback(answer);
      },
      forceFlush: async () => void calls.push('flush'),
      shutdown: async () => void calls.push('shutdown'),
    },
    drops: {
      add: (reason, count) => {
        dropped.reasons.add(reason);
        dropped.count += count;
      },
    },
    maxQueued,
    delayMs: 2_147_483_647,
  });
  return { queue, batches, dropped, calls, tracer: tracerOf(queue) };
}

function tracerOf(queue: SpanProcessor): Tracer {
  return new TracerProvider({ spanProcessors: [queue] }).getTracer('test');
}

function end(tracer: Tracer, count: number): void {
  for (let number = 0; number < count; number += 1) tracer.startSpan('span').end();
}

const success: ExportResult = { code: ExportResultCode.SUCCESS };

test('a full batch leaves at once; what ends during a stalled export waits up to the bound; the rest is counted', async () => {
  const { tracer, batches, dropped, queue } = queueOf(1_000);
  end(tracer, 512);
  expect(batches.map(({ spans }) => spans.length)).toEqual([512]);
  expect(dropped.count).toBe(0);

  end(tracer, 1_000);
  expect(dropped.count).toBe(0);
  end(tracer, 7);
  expect(dropped).toEqual({ count: 7, reasons: new Set(['queue-full']) });

  batches[0]?.answer(success);
  const flushed = queue.forceFlush();
  for (const { answer } of batches) answer(success);
  await flushed;
  end(tracer, 1);
  expect(dropped.count).toBe(7);
  const exported = batches.reduce((sum, { spans }) => sum + spans.length, 0);
  expect(exported).toBe(1_512);
});

test('spans that the caller chose not to sample take no place', async () => {
  const { queue, batches, dropped } = queueOf(2);
  const unsampled = new TracerProvider({
    sampler: new AlwaysOffSampler(),
    spanProcessors: [queue],
  }).getTracer('test');
  end(unsampled, 5);
  await queue.forceFlush();
  expect({ batches: batches.length, dropped: dropped.count }).toEqual({ batches: 0, dropped: 0 });
});

test('a failed export neither rejects flush or shutdown nor keeps the exporter from being closed', async () => {
  const failure = { code: ExportResultCode.FAILED, error: new Error('disk full') };
  const { queue, tracer, batches, calls, dropped } = queueOf(10, failure);
  end(tracer, 1);
  await expect(queue.forceFlush()).resolves.toBeUndefined();
  end(tracer, 1);
  await expect(queue.shutdown()).resolves.toBeUndefined();
  expect(calls).toEqual(['flush', 'shutdown']);

  end(tracer, 30);
  expect(batches.map(({ spans }) => spans.length)).toEqual([1, 1]);
  expect(dropped.count).toBe(0);
});
