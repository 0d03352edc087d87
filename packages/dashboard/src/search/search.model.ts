/** A search as a waterfall against its deadline. Pure. */
import type { SearchAnswer, SearchSource, SourceStatus } from '../contract.ts';
import { listed, plural } from '../kit/format.model.ts';

export interface SourceBar {
  readonly source: SearchSource;
  /** Ratios of the axis. */
  readonly start: number;
  readonly width: number;
}

export interface SearchWaterfall {
  readonly axisMs: number;
  /** Where the deadline's line stands, as a ratio of the axis. */
  readonly deadline: number;
  readonly bars: readonly SourceBar[];
}

/** The axis is always a quarter longer than the deadline, or as long as the slowest source: bars compare over searches. */
export function searchWaterfall({
  deadlineMs,
  sources,
}: Pick<SearchAnswer, 'deadlineMs' | 'sources'>): SearchWaterfall {
  const axisMs = Math.max(
    deadlineMs * 1.25,
    ...sources.map(({ startedMs, elapsedMs }) => startedMs + elapsedMs),
  );
  return {
    axisMs,
    deadline: deadlineMs / axisMs,
    bars: sources.map((source) => ({
      source,
      start: source.startedMs / axisMs,
      width: Math.max(0.004, source.elapsedMs / axisMs),
    })),
  };
}

/** "3 of 4 sources complete; partner missing". */
export function completenessOf({ sources }: Pick<SearchAnswer, 'sources'>): string {
  const of = (status: SourceStatus): readonly string[] =>
    sources.filter((source) => source.status === status).map(({ name }) => name);
  const lacking = (['partial', 'fallback', 'missing'] as const)
    .map((status) => ({ status, names: of(status) }))
    .filter(({ names }) => names.length > 0)
    .map(({ status, names }) => `${listed(names)} ${status === 'fallback' ? 'from memory' : status}`);
  if (lacking.length === 0) return `all ${plural(sources.length, 'source')} complete`;
  return `${of('complete').length} of ${plural(sources.length, 'source')} complete; ${lacking.join(', ')}`;
}

export function sourceTitle({ name, status, itemCount, elapsedMs, error }: SearchSource): string {
  const why = error === undefined ? '' : `. ${error.code}: ${error.message}`;
  return `${name}: ${status}, ${plural(itemCount, 'item')} in ${elapsedMs} ms${why}`;
}
