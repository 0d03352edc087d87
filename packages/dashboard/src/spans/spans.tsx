/** One correlation's way over the services as a small waterfall. Read when shown, and again once it has settled. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SpanView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { duration } from '../kit/format.model.ts';
import { type SpanRow, waterfallOf } from './spans.model.ts';

/** Processes store their spans in batches of about a second. */
const LATE_SPANS_MS = 1_500;

export function Spans({
  correlationId,
  settled,
}: {
  readonly correlationId: string;
  readonly settled: boolean;
}): VNode {
  const { api } = useDashboard();
  const spans = useSignal<readonly SpanView[]>([]);
  const trouble = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let left = false;
    const read = async (): Promise<void> => {
      const answer = await api.spans(correlationId);
      if (left) return;
      trouble.value =
        answer.kind === 'ok' ? undefined : answer.kind === 'refused' ? answer.problem.detail : answer.detail;
      if (answer.kind === 'ok') spans.value = answer.value.spans;
    };
    void read();
    const later = setTimeout(() => void read(), LATE_SPANS_MS);
    return () => {
      left = true;
      clearTimeout(later);
    };
  }, [correlationId, settled]);
  useEffect(() => {
    spans.value = [];
  }, [correlationId]);
  const { totalMs, rows, hidden } = waterfallOf(spans.value);
  return (
    <div class="spans" data-testid="spans">
      <h3>Through the services {rows.length > 0 && <span class="number aside">{duration(totalMs)}</span>}</h3>
      {trouble.value !== undefined && <p class="form-error">The spans cannot be read: {trouble.value}</p>}
      {rows.length === 0 && trouble.value === undefined && <p class="empty">No spans yet.</p>}
      <ol>
        {rows.map((row) => (
          <SpanLine key={row.spanId} row={row} />
        ))}
      </ol>
      {hidden > 0 && <p class="empty">and {hidden} more</p>}
    </div>
  );
}

function SpanLine({ row }: { readonly row: SpanRow }): VNode {
  const failed = row.error !== undefined;
  return (
    <li class={failed ? 'span-failed' : ''}>
      <span
        class="span-name clip"
        title={`${row.service}: ${row.name}`}
        style={{ paddingInlineStart: `${Math.min(row.depth, 4) * 10}px` }}
      >
        <strong>{row.service}</strong> {row.name}
      </span>
      <svg class="span-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="span-bar" x={row.start * 100} width={row.width * 100} y="1" height="8" rx="1" />
      </svg>
      <span class="number">{duration(row.durationMs)}</span>
      {failed && (
        <span class="span-error clip" title={row.error}>
          {row.error}
        </span>
      )}
    </li>
  );
}
