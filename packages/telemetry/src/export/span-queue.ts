// The bounded queue between ended spans and the exporter: the SDK's batch processor, with every drop accounted for.
import { TraceFlags } from '@opentelemetry/api';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Drops } from './drops.ts';

export interface SpanQueueOptions {
  readonly exporter: SpanExporter;
  readonly drops: Pick<Drops, 'add'>;
  /** Spans that wait at most; further ones are dropped until a batch has left. Default 4_096. */
  readonly maxQueued?: number;
  /** A span waits at most this long before its batch is written. Default 500 ms. */
  readonly delayMs?: number;
}

const MAX_BATCH = 512;

/**
 * Batches of at most 512 spans, each at most `delayMs` after its first span ended, one at a time. The SDK's own
 * processor also drops when full but tells nobody, so the bound is held here, where the drop can be counted.
 */
export function spanQueue(options: SpanQueueOptions): SpanProcessor {
  const { exporter, drops, maxQueued = 4_096, delayMs = 500 } = options;
  let queued = 0;
  const batches = new BatchSpanProcessor({
    exporter: {
      export: (spans, resultCallback) => {
        queued -= spans.length;
        exporter.export(spans, resultCallback);
      },
      shutdown: async () => {},
    },
    maxExportBatchSize: Math.min(MAX_BATCH, maxQueued),
    maxQueueSize: maxQueued,
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: 5_000,
  });
  let closed = false;

  return {
    onStart: (span, parentContext) => batches.onStart(span, parentContext),
    onEnd: (span) => {
      if (closed || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (queued >= maxQueued) {
        drops.add('queue-full', 1);
        return;
      }
      queued += 1;
      batches.onEnd(span);
    },
    forceFlush: async () => {
      await settled(batches.forceFlush());
      await exporter.forceFlush?.();
    },
    shutdown: async () => {
      closed = true;
      await settled(batches.shutdown());
      await exporter.shutdown();
    },
  };
}

/** A failed export rejects in the batch processor too; the exporter has counted it already. */
async function settled(work: Promise<void>): Promise<void> {
  await Promise.allSettled([work]);
}
