// The trace store: one SQLite file that every process of a system writes its finished spans to and a page reads.
import { type Runtime, systemRuntime } from '@holdfast/core';
import { TraceStoreUnavailableError } from '../errors.ts';
import type { Latency } from '../map/latency.ts';
import type { ServiceMap } from '../map/service-map.ts';
import type { TraceSummary } from '../map/trace-summary.ts';
import type { TracedSpan } from '../map/trace-tree.ts';
import { wholeNumber } from '../options.ts';
import type { StoredSpan } from '../span.ts';
import { isBusy } from './busy.ts';
import { preparedReader, type RecentQuery } from './reader.ts';
import { openSpans } from './schema.ts';
import { preparedWriter } from './writer.ts';

export interface TraceStoreOptions {
  /**
   * Spans kept, 1..10_000_000. Default 200_000, about 80 to 150 MB with the attributes of usual HTTP services. Each write
   * prunes the oldest beyond it, so the bound holds after every write whatever the number of writing processes.
   */
  readonly maxSpans?: number;
  /** How long a statement may wait for another process's lock, 0..60_000 ms. Default 50. The wait is synchronous. */
  readonly busyTimeoutMs?: number;
  /** The clock that ends the windows of maps. Default `systemRuntime`. */
  readonly runtime?: Pick<Runtime, 'now'>;
}

/**
 * Finished spans in one SQLite file. All methods are synchronous and bounded. Guarantees: a batch is written entirely
 * or not at all; a committed batch survives the kill of any process (not a power cut, see store/schema.ts); writing a span again
 * changes nothing; any number of processes on this machine may write and read at once. Not for network file systems.
 * Every method throws {@link TraceStoreUnavailableError} (`HF_TRACE_STORE_UNAVAILABLE`).
 */
export interface TraceStore extends Disposable {
  /** Adds finished spans in one transaction and prunes the oldest beyond the bound. */
  write(spans: readonly StoredSpan[]): void;
  /** The trace as a depth-first walk (see {@link traceTree}): its first 5_000 spans by start; empty when unknown. */
  trace(traceId: string): readonly TracedSpan[];
  /** All spans of one correlation id, over its traces, in order of start, at most 5_000. */
  byCorrelation(correlationId: string): readonly StoredSpan[];
  /** The traces last written to, newest first; looks back over 20_000 spans and 2_000 traces. */
  recent(query: RecentQuery): readonly TraceSummary[];
  /** Who called whom since `sinceMs` (epoch), from the newest 20_000 calls that ended in that time. */
  serviceMap(query: { readonly sinceMs: number }): ServiceMap;
  /** How long `service` took to answer since `sinceMs` (epoch), from its newest 20_000 server spans. */
  latency(query: { readonly service: string; readonly sinceMs: number }): Latency;
}

/**
 * Opens the trace file at `path`, creating it and its folder where missing.
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`
 * @throws TraceStoreUnavailableError `HF_TRACE_STORE_UNAVAILABLE`: not writable, not SQLite, or of another release
 */
export function openTraceStore(path: string, options: TraceStoreOptions = {}): TraceStore {
  const maxSpans = wholeNumber('trace store', 'maxSpans', options.maxSpans ?? 200_000, 1, 10_000_000);
  const busyTimeoutMs = wholeNumber('trace store', 'busyTimeoutMs', options.busyTimeoutMs ?? 50, 0, 60_000);
  const runtime = options.runtime ?? systemRuntime;

  const guard = <T>(doing: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new TraceStoreUnavailableError(path, doing, isBusy(error), error);
    }
  };
  const database = guard('open', () => openSpans(path, busyTimeoutMs));
  const writer = guard('open', () => preparedWriter(database, maxSpans));
  const reader = guard('open', () => preparedReader(database, runtime));

  return {
    write: (spans) => guard('write', () => writer(spans)),
    trace: (traceId) => guard('read', () => reader.trace(traceId)),
    byCorrelation: (correlationId) => guard('read', () => reader.byCorrelation(correlationId)),
    recent: (query) => {
      wholeNumber('trace store', 'limit', query.limit, 1, 1_000);
      return guard('read', () => reader.recent(query));
    },
    serviceMap: ({ sinceMs }) => guard('read', () => reader.serviceMap(sinceMs)),
    latency: ({ service, sinceMs }) => guard('read', () => reader.latency(service, sinceMs)),
    [Symbol.dispose]: () => {
      if (database.isOpen) database.close();
    },
  };
}
