// One line about a whole trace, for lists of recent traces.
import type { StoredSpan } from '../span.ts';

/** A trace in one line. Its duration runs from the earliest start to the latest end of the spans stored. */
export interface TraceSummary {
  readonly traceId: string;
  readonly correlationId?: string;
  /** Name and service of the earliest root: where the trace entered the spans we have. */
  readonly name: string;
  readonly service: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Every service that took part, sorted. */
  readonly services: readonly string[];
}

/** What a summary needs to know of a span. */
export type SummaryItem = Pick<
  StoredSpan,
  'traceId' | 'spanId' | 'parentSpanId' | 'correlationId' | 'service' | 'name' | 'startMs' | 'durationMs'
> & { readonly failed: boolean };

/** Folds the spans of one trace into its summary; `undefined` for no spans. Pure. */
export function traceSummary(spans: readonly SummaryItem[]): TraceSummary | undefined {
  const ids = new Set(spans.map((span) => span.spanId));
  const ordered = [...spans].sort((a, b) => a.startMs - b.startMs);
  const [earliest] = ordered;
  if (earliest === undefined) return undefined;
  const root =
    ordered.find((span) => span.parentSpanId === undefined || !ids.has(span.parentSpanId)) ?? earliest;
  const correlationId =
    root.correlationId ?? ordered.find((span) => span.correlationId !== undefined)?.correlationId;
  const endMs = ordered.reduce(
    (latest, span) => Math.max(latest, span.startMs + span.durationMs),
    earliest.startMs,
  );
  return {
    traceId: root.traceId,
    ...(correlationId === undefined ? {} : { correlationId }),
    name: root.name,
    service: root.service,
    startMs: earliest.startMs,
    durationMs: endMs - earliest.startMs,
    spanCount: spans.length,
    errorCount: spans.filter((span) => span.failed).length,
    services: [...new Set(spans.map((span) => span.service))].sort(),
  };
}
