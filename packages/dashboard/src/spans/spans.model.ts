/** Spans as the rows of a waterfall: parents before children, indented, on one time axis. Pure. */
import type { SpanView } from '../contract.ts';

export interface SpanRow {
  readonly spanId: string;
  readonly service: string;
  readonly name: string;
  readonly depth: number;
  /** Ratios of the whole width. */
  readonly start: number;
  readonly width: number;
  readonly durationMs: number;
  readonly error?: string;
}

export interface Waterfall {
  readonly totalMs: number;
  readonly rows: readonly SpanRow[];
  /** Spans beyond the rows' bound. */
  readonly hidden: number;
}

export const MAX_ROWS = 40;
/** A span of no length is still a mark. */
const MIN_WIDTH = 0.004;

export function waterfallOf(spans: readonly SpanView[]): Waterfall {
  if (spans.length === 0) return { totalMs: 0, rows: [], hidden: 0 };
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const totalMs = Math.max(1, Math.max(...spans.map((span) => span.startMs + span.durationMs)) - startMs);
  const rows = inOrder(spans).map(({ span, depth }): SpanRow => {
    const start = (span.startMs - startMs) / totalMs;
    return {
      ...{ spanId: span.spanId, service: span.service, name: span.name, depth, durationMs: span.durationMs },
      ...{
        start: Math.min(start, 1 - MIN_WIDTH),
        width: Math.max(MIN_WIDTH, Math.min(1 - start, span.durationMs / totalMs)),
      },
      ...(span.error === undefined ? {} : { error: span.error }),
    };
  });
  return { totalMs, rows: rows.slice(0, MAX_ROWS), hidden: Math.max(0, rows.length - MAX_ROWS) };
}

/** Depth first, siblings by time. A span whose parent is not here, or that is its own ancestor, stands at the root. */
function inOrder(spans: readonly SpanView[]): readonly { readonly span: SpanView; readonly depth: number }[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : '',
  );
  const placed = new Set<string>();
  const rows: { span: SpanView; depth: number }[] = [];
  const place = (span: SpanView, depth: number): void => {
    if (placed.has(span.spanId)) return;
    placed.add(span.spanId);
    rows.push({ span, depth });
    for (const child of byTime(children.get(span.spanId) ?? [])) place(child, depth + 1);
  };
  for (const root of byTime(children.get('') ?? [])) place(root, 0);
  for (const span of byTime(spans)) place(span, 0);
  return rows;
}

function byTime(spans: readonly SpanView[]): readonly SpanView[] {
  return spans.toSorted((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
}
