// Orders the spans of a trace as a reader follows them: each span, then what it caused, in order of start.
import type { StoredSpan } from '../span.ts';

/** A span with its depth in the tree of its trace; roots have depth 0. */
export interface TracedSpan extends StoredSpan {
  readonly depth: number;
}

/** What {@link traceTree} needs to know of a span. */
export type TreeItem = Pick<StoredSpan, 'spanId' | 'parentSpanId' | 'startMs'>;

/**
 * Depth-first walk over spans of one trace; siblings in order of start, then of span id. A span whose parent is not
 * among them is a root. Law: every span given comes out exactly once, even when broken instrumentation made a cycle
 * of parents (its earliest span is then taken for a root). Pure, without recursion: depth is bounded by memory only.
 */
export function traceTree<Item extends TreeItem>(
  spans: readonly Item[],
): (Item & { readonly depth: number })[] {
  const ordered = [...spans].sort(byStart);
  const ids = new Set(ordered.map((span) => span.spanId));
  const children = Map.groupBy(ordered, (span) => span.parentSpanId ?? '');
  const roots = ordered.filter((span) => span.parentSpanId === undefined || !ids.has(span.parentSpanId));

  const walked: (Item & { readonly depth: number })[] = [];
  const seen = new Set<Item>();
  for (const root of [...roots, ...ordered]) {
    const stack = [{ span: root, depth: 0 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { span, depth } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      walked.push({ ...span, depth });
      const below = children.get(span.spanId) ?? [];
      for (const child of below.toReversed()) stack.push({ span: child, depth: depth + 1 });
    }
  }
  return walked;
}

function byStart(a: TreeItem, b: TreeItem): number {
  return a.startMs - b.startMs || (a.spanId < b.spanId ? -1 : 1);
}
