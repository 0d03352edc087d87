// The door of @holdfast/telemetry.

export { LogDestinationError, TraceStoreUnavailableError } from './errors.ts';
export type { DropReason, DropReport, Drops } from './export/drops.ts';
export { countDrops } from './export/drops.ts';
export { type SqliteSpanExporterOptions, sqliteSpanExporter } from './export/exporter.ts';
export type { Logger } from './log/log.ts';
export { LATENCY_BOUNDS_MS, type Latency, type LatencyBucket, latencyOf } from './map/latency.ts';
export { type Percentiles, percentile, percentiles } from './map/percentile.ts';
export {
  type CallSample,
  type ServiceEdge,
  type ServiceMap,
  type ServiceNode,
  serviceMapOf,
  type Traffic,
} from './map/service-map.ts';
export type { TraceSummary } from './map/trace-summary.ts';
export { type TracedSpan, type TreeItem, traceTree } from './map/trace-tree.ts';
export type { Scope } from './scope.ts';
export type { SpanKindName, StoredAttributes, StoredEvent, StoredSpan } from './span.ts';
export { recordedTraceparent } from './span-ids.ts';
export type { RecentQuery } from './store/reader.ts';
export { openTraceStore, type TraceStore, type TraceStoreOptions } from './store/trace-store.ts';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';
export type { FinishedSpan, SpanAttributes } from './tracing.ts';
