// The questions asked of the trace file, each bounded in what it reads, answered by the pure functions of map/.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Runtime } from '@holdfast/core';
import { type Latency, latencyOf } from '../map/latency.ts';
import { type ServiceMap, serviceMapOf } from '../map/service-map.ts';
import { type TraceSummary, traceSummary } from '../map/trace-summary.ts';
import { type TracedSpan, traceTree } from '../map/trace-tree.ts';
import type { StoredSpan } from '../span.ts';
import { callFromRow, spanFromRow, summaryFromRow } from './rows.ts';

/** At most this many spans of one trace or correlation are read. */
const MAX_SPANS_READ = 5_000;
/** Maps and histograms are computed from at most this many calls, the newest ones of the window. */
const MAX_CALLS_READ = 20_000;
/** `recent` looks at most this many spans back, … */
const MAX_SPANS_SCANNED = 20_000;
/** … and at most at this many traces. */
const MAX_TRACES_EXAMINED = 2_000;
export interface RecentQuery {
  /** Traces wanted at most, 1..1_000. */
  readonly limit: number;
  /** Only traces in which this service took part. */
  readonly service?: string;
  /** Only traces with a span that ended at this epoch ms or later. */
  readonly sinceMs?: number;
  /** Only traces at least this long. */
  readonly minDurationMs?: number;
  /** Only traces with a failed span. */
  readonly onlyErrors?: boolean;
}

/** The reading half of a trace store; see `TraceStore` for the guarantees. */
export interface Reader {
  trace(traceId: string): readonly TracedSpan[];
  byCorrelation(correlationId: string): readonly StoredSpan[];
  recent(query: RecentQuery): readonly TraceSummary[];
  serviceMap(sinceMs: number): ServiceMap;
  latency(service: string, sinceMs: number): Latency;
}

export function preparedReader(database: DatabaseSync, runtime: Pick<Runtime, 'now'>): Reader {
  const trace = database.prepare(
    `SELECT * FROM spans WHERE trace_id = ? ORDER BY start_ms, span_id LIMIT ${MAX_SPANS_READ}`,
  );
  const byCorrelation = database.prepare(
    `SELECT * FROM spans WHERE correlation_id = ? ORDER BY start_ms, span_id LIMIT ${MAX_SPANS_READ}`,
  );
  const calls = database.prepare(
    `SELECT service, kind, peer, duration_ms, end_ms, error_code FROM spans
     WHERE kind <> 'internal' AND end_ms >= ? ORDER BY end_ms DESC LIMIT ${MAX_CALLS_READ}`,
  );
  const served = database.prepare(
    `SELECT duration_ms FROM spans
     WHERE kind <> 'internal' AND kind IN ('server', 'consumer') AND end_ms >= ? AND service = ?
     ORDER BY end_ms DESC LIMIT ${MAX_CALLS_READ}`,
  );
  const scan = database.prepare(
    `SELECT trace_id FROM spans
     WHERE id > (SELECT max(id) FROM spans) - ${MAX_SPANS_SCANNED}
       AND end_ms >= :sinceMs
       AND (:service IS NULL OR service = :service)
       AND (NOT :onlyErrors OR error_code IS NOT NULL)
     ORDER BY id DESC`,
  );
  const summary = database.prepare(
    `SELECT trace_id, span_id, parent_span_id, correlation_id, service, name, start_ms, duration_ms, error_code
     FROM spans WHERE trace_id = ? LIMIT ${MAX_SPANS_READ}`,
  );

  return {
    trace: (traceId) => traceTree(trace.all(traceId).map(spanFromRow)),
    byCorrelation: (correlationId) => byCorrelation.all(correlationId).map(spanFromRow),
    recent: (query) => recent(scan, summary, query),
    serviceMap: (sinceMs) => {
      const rows = calls.all(sinceMs);
      const oldest = rows.length === MAX_CALLS_READ ? Number(rows.at(-1)?.['end_ms']) : sinceMs;
      return serviceMapOf(rows.map(callFromRow), Math.max(1, runtime.now() - oldest));
    },
    latency: (service, sinceMs) =>
      latencyOf(served.all(sinceMs, service).map((row) => Number(row['duration_ms']))),
  };
}

function recent(scan: StatementSync, summary: StatementSync, query: RecentQuery): readonly TraceSummary[] {
  const filters: Record<string, SQLInputValue> = {
    sinceMs: query.sinceMs ?? 0,
    service: query.service ?? null,
    onlyErrors: query.onlyErrors === true ? 1 : 0,
  };
  const examined = new Set<string>();
  const found: TraceSummary[] = [];
  for (const row of scan.iterate(filters)) {
    if (found.length >= query.limit || examined.size >= MAX_TRACES_EXAMINED) break;
    const traceId = String(row['trace_id']);
    if (examined.has(traceId)) continue;
    examined.add(traceId);
    const line = traceSummary(summary.all(traceId).map(summaryFromRow));
    if (line !== undefined && line.durationMs >= (query.minDurationMs ?? 0)) found.push(line);
  }
  return found;
}
