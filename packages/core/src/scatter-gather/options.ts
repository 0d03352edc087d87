/** What a scatter-gather may be told. */
import type { Call } from '../call.ts';
import { InvalidOptionsError } from '../errors.ts';
import { checkedName, MAX_TIMER_MS, optionsReader } from '../internal/options-reader.ts';

/** Why a source's fallback is asked. */
export type FallbackReason =
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The source has sent nothing when only `fallbackBudgetMs` is left. It goes on, and wins if it still answers. */
  | { readonly kind: 'late'; readonly elapsedMs: number };

export interface SourceContext<Item> {
  /** Its signal aborts when the answer is given; its deadline is the moment of the answer. */
  readonly call: Call;
  /** Hands over items as they come. What was emitted counts even if the source never finishes. */
  emit(items: readonly Item[]): void;
}

/** One of the places that are asked. */
export interface Source<Item, Request = unknown> {
  readonly name: string;
  /** Multiplies this source's scores; above 0, at most 1,000. Default 1. */
  readonly weight?: number;
  /** Answers the rest of the items, or all of them: what was emitted before is recognised by its key. */
  fetch(request: Request, context: SourceContext<Item>): Promise<readonly Item[]>;
  /** A substitute, asked only when the source has sent nothing. It has until the deadline. */
  fallback?(request: Request, reason: FallbackReason, call: Call): Promise<readonly Item[]> | readonly Item[];
}

export interface ScatterGatherOptions<Item> {
  /** The answer comes at the latest then, 1 to 2,147,483,647 ms; sooner if the call's own deadline is. Default 400. */
  readonly deadlineMs?: number;
  /** The last part of `deadlineMs`, kept for fallbacks of silent sources, 0 to `deadlineMs`. Default: an eighth of it, 50. */
  readonly fallbackBudgetMs?: number;
  /** Items in the answer, 1 to 10,000. Default 50. */
  readonly maxItems?: number;
  /** Items kept of one source, 1 to 100,000; more are counted as dropped. Default 1,000. */
  readonly maxItemsPerSource?: number;
  /** Identity: items with the same key are one item. A source whose item makes this throw has failed. */
  key(item: Item): string;
  /** Relevance; higher is better, and what is no finite number counts as 0. Default: all 0, ordered by key. */
  score?(item: Item, source: string): number;
}

/** Options with every default filled in and checked. */
export type ScatterGatherSettings<Item> = Required<ScatterGatherOptions<Item>>;

/** @throws InvalidOptionsError `HF_INVALID_OPTIONS`. */
export function scatterGatherSettings<Item>(
  options: ScatterGatherOptions<Item>,
): ScatterGatherSettings<Item> {
  const read = optionsReader('scatterGather', options);
  const deadlineMs = read.durationMs('deadlineMs', 400);
  return Object.freeze({
    deadlineMs,
    fallbackBudgetMs: read.durationMs('fallbackBudgetMs', deadlineMs / 8, 0, deadlineMs),
    maxItems: read.integer('maxItems', 50, 1, 10_000),
    maxItemsPerSource: read.integer('maxItemsPerSource', 1_000, 1, 100_000),
    key: (item: Item) => options.key(item),
    score: (item: Item, source: string) => options.score?.(item, source) ?? 0,
  });
}

/** At most 100 sources, each with a name of its own. */
export function checkedSources<Item, Request>(
  sources: readonly Source<Item, Request>[],
): readonly Source<Item, Request>[] {
  if (sources.length === 0 || sources.length > 100) {
    throw new InvalidOptionsError('scatterGather', 'sources', '1 to 100 sources', sources.length);
  }
  const names = new Set<string>();
  for (const { name, weight = 1 } of sources) {
    checkedName(`scatterGather source "${name}"`, name);
    if (names.has(name)) throw new InvalidOptionsError('scatterGather', 'sources', 'named differently', name);
    if (!(weight > 0 && weight <= 1_000)) {
      throw new InvalidOptionsError(
        `scatterGather source "${name}"`,
        'weight',
        'above 0 and at most 1000',
        weight,
      );
    }
    names.add(name);
  }
  return sources;
}

/** Bounds a timer whatever the clock says. */
export function timerMs(ms: number): number {
  return Math.min(MAX_TIMER_MS, Math.max(0, ms));
}
