// The one object a service starts with: its log, its spans, and where both go.
import { type Correlation, type HeadersLike, type Runtime, systemRuntime } from '@holdfast/core';
import { countDrops } from './export/drops.ts';
import { sqliteSpanExporter } from './export/exporter.ts';
import { spanQueue } from './export/span-queue.ts';
import { LOG_LEVELS, type Logger, openLog } from './log/log.ts';
import { oneOf, shortText } from './options.ts';
import type { Scope } from './scope.ts';
import { openTraceStore, type TraceStore } from './store/trace-store.ts';
import { type FinishedSpan, type SpanAttributes, startTracing } from './tracing.ts';

export interface TelemetryOptions {
  /** Name of the service, 1..128 characters: a node of the service map. */
  readonly service: string;
  /** Which of its processes, 1..128 characters. Default the process id. */
  readonly instance?: string | undefined;
  /** The trace file that this process shares with others; absent: spans carry traces on and are not stored. */
  readonly traceFile?: string | undefined;
  /** Spans kept in the trace file, 1..10_000_000. Default 200_000. */
  readonly maxSpans?: number | undefined;
  /** `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`. Default `info`. */
  readonly logLevel?: string | undefined;
  /** A file to append the log to, created with its folder where missing. Default standard error. */
  readonly logDestination?: string | undefined;
  /** Clock and ids. Default `systemRuntime`. */
  readonly runtime?: Runtime | undefined;
}

/**
 * Log and traces of one process.
 *
 * Recording never throws into the work and never waits for the disk longer than 50 ms at once; what cannot be stored
 * is dropped, counted, and logged at most once a minute. Ended spans wait at most 0.5 s in a queue of at most 4_096:
 * a process that is killed or exits without disposing loses those. Log lines are written at once.
 */
export interface Telemetry extends AsyncDisposable {
  /**
   * JSON lines by pino. Each carries `service`, `instance` and `pid`, and inside of a span `correlationId`,
   * `traceId` and `spanId`.
   */
  readonly log: Logger;
  /**
   * Runs `work` in a server span that continues the caller's trace and correlation id; what is missing or malformed
   * in `headers` is made anew. Resolves and rejects as `work` does; a rejection marks the span as failed.
   */
  serve<T>(
    name: string,
    headers: HeadersLike,
    attributes: SpanAttributes,
    work: (scope: Scope) => Promise<T>,
  ): Promise<T>;
  /**
   * Runs `work` in a client span around one outgoing call to the service `peer`; send `scope.headers()` with it.
   * Outside of any correlation a new correlation id is made.
   */
  call<T>(
    name: string,
    attributes: SpanAttributes & { readonly peer: string },
    work: (scope: Scope) => Promise<T>,
  ): Promise<T>;
  /** Runs `work` in an internal span: a part of this service's work worth seeing by itself. */
  span<T>(name: string, attributes: SpanAttributes, work: (scope: Scope) => Promise<T>): Promise<T>;
  /**
   * Records work that is already over, as it is known from somebody's history, and returns its `traceparent`. With a
   * `key`, recording the same work again, even from another process, stores nothing new. A time that is not finite
   * is replaced by now; an end before the start by the start.
   */
  record(span: FinishedSpan): string;
  /** Correlation of the running async context, its `traceparent` naming the running span; `undefined` outside. */
  current(): Correlation | undefined;
  /** Spans dropped since the start. */
  droppedSpans(): number;
  /** Writes what waits to be stored. Never rejects: what could not be stored is in `droppedSpans()`. */
  flush(): Promise<void>;
}

/**
 * Starts log and tracing of this process. Dispose it at the end: that flushes, takes at most about a second when the
 * trace file is busy, and closes both files. Work run afterwards still runs, without spans or log lines.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`
 * @throws TraceStoreUnavailableError `HF_TRACE_STORE_UNAVAILABLE`: the trace file cannot be opened
 * @throws LogDestinationError `HF_LOG_DESTINATION`: the log file cannot be opened
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const service = shortText('telemetry', 'service', options.service, 128);
  const instance = shortText('telemetry', 'instance', options.instance ?? String(process.pid), 128);
  const level = oneOf('telemetry', 'logLevel', options.logLevel ?? 'info', LOG_LEVELS);
  const runtime = options.runtime ?? systemRuntime;

  const store = openStore(options);
  const { log, close: closeLog } = closedOnFailure(store, () =>
    openLog({
      service,
      instance,
      level,
      path: options.logDestination,
      contextFields: () => tracing.logFields(),
    }),
  );
  const drops = countDrops(runtime, ({ dropped, reasons, error }) => {
    log.warn(
      { dropped, reasons, err: error },
      `${dropped} spans dropped; traces have gaps, the service goes on`,
    );
  });
  const tracing = startTracing({
    service,
    instance,
    runtime,
    processors:
      store === undefined
        ? []
        : [spanQueue({ exporter: sqliteSpanExporter({ store, drops, runtime }), drops })],
  });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await tracing.close();
    drops.close();
    store?.[Symbol.dispose]();
    closeLog();
  };
  return {
    log,
    serve: tracing.serve,
    call: tracing.call,
    span: tracing.span,
    record: tracing.record,
    current: tracing.current,
    droppedSpans: drops.total,
    flush: tracing.flush,
    [Symbol.asyncDispose]: () => {
      closing ??= close();
      return closing;
    },
  };
}

function openStore({ traceFile, maxSpans }: TelemetryOptions): TraceStore | undefined {
  if (traceFile === undefined) return undefined;
  return openTraceStore(traceFile, maxSpans === undefined ? {} : { maxSpans });
}

/** What `next` makes; when it throws, `opened` is closed first, so that a failed start leaves nothing open. */
function closedOnFailure<T>(opened: Disposable | undefined, next: () => T): T {
  try {
    return next();
  } catch (error) {
    opened?.[Symbol.dispose]();
    throw error;
  }
}
