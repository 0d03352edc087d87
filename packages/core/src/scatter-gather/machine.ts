/** Follows the sources of one gathering and decides when a fallback is asked and when all is in. Pure. */

/** An item with what the merge needs to know of it. */
export interface Scored<Item> {
  readonly item: Item;
  readonly key: string;
  /** Already weighted. */
  readonly score: number;
}

/** `waiting`: still asked. `done`: answered all. `failed`: rejected or threw. */
export type SourcePhase = 'waiting' | 'done' | 'failed';
/** `none`: there is none. `ready`: not asked yet. */
export type FallbackPhase = 'none' | 'ready' | 'asked' | 'done' | 'failed';

export interface SourceState<Item> {
  readonly phase: SourcePhase;
  readonly fallback: FallbackPhase;
  /** What the source itself sent, at most one for each key. */
  readonly items: ReadonlyMap<string, Scored<Item>>;
  readonly substitutes: ReadonlyMap<string, Scored<Item>>;
  /** Items beyond the bound. */
  readonly dropped: number;
  readonly endedAtMs: number | undefined;
  readonly error: unknown;
}

export type GatherState<Item> = readonly SourceState<Item>[];

export type GatherInput<Item> =
  | {
      readonly kind: 'emitted' | 'completed';
      readonly source: number;
      readonly items: readonly Scored<Item>[];
      readonly atMs: number;
    }
  | { readonly kind: 'failed'; readonly source: number; readonly error: unknown; readonly atMs: number }
  /** Only the fallback budget is left. */
  | { readonly kind: 'cut' }
  | {
      readonly kind: 'substituted';
      readonly source: number;
      readonly items: readonly Scored<Item>[];
      readonly atMs: number;
    }
  | {
      readonly kind: 'substitute-failed';
      readonly source: number;
      readonly error: unknown;
      readonly atMs: number;
    };

export interface GatherStep<Item> {
  readonly state: GatherState<Item>;
  /** Sources whose fallback must be asked now. */
  readonly ask: readonly number[];
  /** Nothing more can come: answer at once. */
  readonly finished: boolean;
}

export function begin<Item>(hasFallback: readonly boolean[]): GatherState<Item> {
  return hasFallback.map((has) => ({
    phase: 'waiting',
    fallback: has ? 'ready' : 'none',
    items: new Map(),
    substitutes: new Map(),
    dropped: 0,
    endedAtMs: undefined,
    error: undefined,
  }));
}

/** Pure transition of a gathering. Law: a source that has sent an item is never asked for its fallback. */
export function step<Item>(
  state: GatherState<Item>,
  input: GatherInput<Item>,
  maxItemsPerSource: number,
): GatherStep<Item> {
  const advanced = state.map((source, index) => {
    if (input.kind !== 'cut' && input.source !== index) return source;
    return advance(source, input, maxItemsPerSource);
  });
  const ask: number[] = [];
  const next = advanced.map((source, index): SourceState<Item> => {
    const due = source.phase === 'failed' || (input.kind === 'cut' && source.phase === 'waiting');
    if (!due || source.fallback !== 'ready' || source.items.size > 0) return source;
    ask.push(index);
    return { ...source, fallback: 'asked' };
  });
  return { state: next, ask, finished: next.every(isSettled) };
}

function advance<Item>(
  source: SourceState<Item>,
  input: GatherInput<Item>,
  bound: number,
): SourceState<Item> {
  switch (input.kind) {
    case 'emitted':
      return source.phase === 'waiting' ? { ...source, ...taken(source, input.items, bound) } : source;
    case 'completed':
      return { ...source, ...taken(source, input.items, bound), phase: 'done', endedAtMs: input.atMs };
    case 'failed':
      return { ...source, phase: 'failed', error: input.error, endedAtMs: input.atMs };
    case 'substituted': {
      const substitutes = new Map(input.items.slice(0, bound).map((scored) => [scored.key, scored]));
      return {
        ...source,
        fallback: 'done',
        substitutes,
        ...(source.phase === 'failed' && { endedAtMs: input.atMs }),
      };
    }
    case 'substitute-failed':
      // The source's own error says more than its fallback's.
      return { ...source, fallback: 'failed', error: source.error ?? input.error };
    case 'cut':
      return source;
  }
}

/** Of two items with one key the first is kept: it came as part of an earlier, better batch. */
function taken<Item>(
  source: SourceState<Item>,
  arriving: readonly Scored<Item>[],
  bound: number,
): Pick<SourceState<Item>, 'items' | 'dropped'> {
  const items = new Map(source.items);
  let dropped = source.dropped;
  for (const scored of arriving) {
    if (items.has(scored.key)) continue;
    if (items.size < bound) items.set(scored.key, scored);
    else dropped += 1;
  }
  return { items, dropped };
}

/** Nothing that can still come from it would change the answer. */
function isSettled<Item>(source: SourceState<Item>): boolean {
  if (source.phase !== 'failed') return source.phase === 'done';
  return source.items.size > 0 || (source.fallback !== 'ready' && source.fallback !== 'asked');
}
