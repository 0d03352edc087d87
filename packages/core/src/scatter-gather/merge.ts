/** Puts what the sources sent into one list: by relevance, without duplicates, the same whatever came first. Pure. */
import { isHoldfastError } from '../errors.ts';
import type { GatherState, Scored, SourceState } from './machine.ts';

/**
 * `complete`: answered all. `partial`: some items came, not all. `fallback`: a substitute answered. `missing`: nothing
 * came.
 */
export type SourceStatus = 'complete' | 'partial' | 'fallback' | 'missing';

export interface GatheredItem<Item> {
  readonly item: Item;
  /** Every source that sent it, in the order in which the sources were given. */
  readonly sources: readonly string[];
  /** The highest weighted score that a source gave it, so that a late source cannot reorder the rest. */
  readonly score: number;
}

export interface GatheredSource {
  readonly name: string;
  readonly status: SourceStatus;
  /** Distinct items that it, or its fallback, contributed before the merge. */
  readonly itemCount: number;
  /** Items beyond `maxItemsPerSource`. */
  readonly dropped: number;
  /** Ms from the start of the gathering. */
  readonly startedMs: number;
  readonly elapsedMs: number;
  /** Why it is not complete. `HF_SOURCE_LATE` when it was still silent or unfinished at the answer. */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Gathered<Item> {
  readonly items: readonly GatheredItem<Item>[];
  readonly sources: readonly GatheredSource[];
  readonly elapsedMs: number;
  /** True when every source is complete. */
  readonly complete: boolean;
}

/** Highest score first; equal ones by key in code unit order. Laws: deterministic, no key twice, at most `maxItems`. */
export function mergeItems<Item>(
  state: GatherState<Item>,
  names: readonly string[],
  maxItems: number,
): readonly GatheredItem<Item>[] {
  const merged = new Map<string, { best: Scored<Item>; sources: string[] }>();
  state.forEach((source, index) => {
    for (const scored of contribution(source).values()) {
      const found = merged.get(scored.key);
      if (found === undefined) {
        merged.set(scored.key, { best: scored, sources: [names[index] ?? ''] });
        continue;
      }
      found.sources.push(names[index] ?? '');
      if (scored.score > found.best.score) found.best = scored;
    }
  });
  return [...merged.values()]
    .sort((a, b) => b.best.score - a.best.score || (a.best.key < b.best.key ? -1 : 1))
    .slice(0, maxItems)
    .map(({ best, sources }) => ({ item: best.item, sources, score: best.score }));
}

export function describeSource<Item>(source: SourceState<Item>, name: string, nowMs: number): GatheredSource {
  const status = statusOf(source);
  const error = status === 'complete' ? undefined : errorOf(source, name);
  return {
    name,
    status,
    itemCount: contribution(source).size,
    dropped: source.dropped,
    startedMs: 0,
    elapsedMs: source.endedAtMs ?? nowMs,
    ...(error && { error }),
  };
}

function statusOf<Item>(source: SourceState<Item>): SourceStatus {
  if (source.phase === 'done') return 'complete';
  if (source.items.size > 0) return 'partial';
  return source.substitutes.size > 0 ? 'fallback' : 'missing';
}

/** A source's own items, or its substitutes when it has none: never both. */
function contribution<Item>(source: SourceState<Item>): ReadonlyMap<string, Scored<Item>> {
  return source.phase === 'done' || source.items.size > 0 ? source.items : source.substitutes;
}

function errorOf<Item>(source: SourceState<Item>, name: string): { code: string; message: string } {
  const { error } = source;
  if (error === undefined) {
    return { code: 'HF_SOURCE_LATE', message: `"${name}" had not finished when the answer was due` };
  }
  if (isHoldfastError(error)) return { code: error.code, message: error.message };
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : error.name,
    message: error.message,
  };
}
