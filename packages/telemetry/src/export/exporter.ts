// The way out of the SDK: finished spans into the trace file, without ever throwing into the application.
import { type Runtime, systemRuntime } from '@holdfast/core';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { TraceStoreUnavailableError } from '../errors.ts';
import type { TraceStore } from '../store/trace-store.ts';
import type { Drops } from './drops.ts';
import { storedSpan } from './stored-span.ts';

/** Waits before the second, third and fourth attempt. Between attempts the event loop is free. */
const RETRY_DELAYS_MS: readonly number[] = [100, 200, 400];

export interface SqliteSpanExporterOptions {
  /** Where the spans go; closed by whoever opened it, after the exporter's shutdown. */
  readonly store: Pick<TraceStore, 'write'>;
  /** Told of every batch given up. */
  readonly drops: Pick<Drops, 'add'>;
  /** Default `systemRuntime`. */
  readonly runtime?: Pick<Runtime, 'sleep'>;
}

/**
 * An OpenTelemetry `SpanExporter` to a {@link TraceStore}. Writing is synchronous and blocks the event loop for the
 * write itself plus at most the store's `busyTimeoutMs`. A busy file is tried four times within 0.7 s; then, or at
 * once when the file is broken, the batch is dropped and counted, and the result says `FAILED`. Never throws.
 */
export function sqliteSpanExporter(options: SqliteSpanExporterOptions): SpanExporter {
  const { store, drops, runtime = systemRuntime } = options;
  const underWay = new Set<Promise<void>>();

  const deliver = async (spans: readonly ReadableSpan[]): Promise<ExportResult> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        store.write(spans.map(storedSpan));
        return { code: ExportResultCode.SUCCESS };
      } catch (error) {
        const delayMs = RETRY_DELAYS_MS[attempt];
        const passing = error instanceof TraceStoreUnavailableError && error.retryable;
        if (!passing || delayMs === undefined) {
          drops.add('store-unavailable', spans.length, error);
          return {
            code: ExportResultCode.FAILED,
            error: error instanceof Error ? error : new Error(String(error)),
          };
        }
        await runtime.sleep(delayMs);
      }
    }
  };
  const settled = async (): Promise<void> => {
    await Promise.all(underWay);
  };

  return {
    export: (spans, resultCallback) => {
      const delivery = deliver(spans).then(resultCallback);
      underWay.add(delivery);
      void delivery.finally(() => underWay.delete(delivery));
    },
    forceFlush: settled,
    shutdown: settled,
  };
}
