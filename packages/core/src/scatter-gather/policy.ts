/** Asks many sources at once and answers in time with what came. */

import type { Call } from '../call.ts';
import { rootCall } from '../call.ts';
import { DeadlineExceededError } from '../deadline/errors.ts';
import { remainingMs } from '../deadline/policy.ts';
import { childAbort } from '../internal/abort.ts';
import type { Runtime } from '../ports/runtime.ts';
import { systemRuntime } from '../ports/system-runtime.ts';
import type { GatherInput, Scored } from './machine.ts';
import { begin, step } from './machine.ts';
import type { Gathered } from './merge.ts';
import { describeSource, mergeItems } from './merge.ts';
import type { FallbackReason, ScatterGatherOptions, Source } from './options.ts';
import { checkedSources, scatterGatherSettings, timerMs } from './options.ts';

export interface ScatterGather<Item, Request> {
  /**
   * Asks every source. Resolves when all have answered, and at the deadline at the latest, also with nothing: sources
   * that fail or are late make the answer incomplete, they do not make it fail.
   *
   * Rejects only with the reason of `call.signal` when that aborts, and with `HF_DEADLINE_EXCEEDED` when the call's
   * deadline had passed before anything was asked.
   */
  gather(request: Request, call?: Partial<Call>): Promise<Gathered<Item>>;
}

export interface ScatterGatherDeps {
  /** Default {@link systemRuntime}. */
  readonly runtime?: Runtime;
}

/**
 * Scatter-gather over 1 to 100 sources. At the answer the signal of every unfinished source aborts; what they still
 * send or throw is ignored and never surfaces as an unhandled rejection. Items are keyed and scored as they come, so
 * that the merge at the deadline only has to sort.
 *
 * "By the deadline" is as exact as the event loop's timers: a loop that is blocked answers when it is free again.
 *
 * @throws InvalidOptionsError `HF_INVALID_OPTIONS`.
 */
export function scatterGather<Item, Request = unknown>(
  sources: readonly Source<Item, Request>[],
  options: ScatterGatherOptions<Item>,
  deps: ScatterGatherDeps = {},
): ScatterGather<Item, Request> {
  checkedSources(sources);
  const settings = scatterGatherSettings(options);
  const runtime = deps.runtime ?? systemRuntime;
  const names = sources.map((source) => source.name);

  function scored(source: Source<Item, Request>, items: readonly Item[]): Scored<Item>[] {
    return items.map((item) => {
      const score = settings.score(item, source.name) * (source.weight ?? 1);
      return { item, key: settings.key(item), score: Number.isFinite(score) ? score : 0 };
    });
  }

  function run(request: Request, call: Call, budgetMs: number): Promise<Gathered<Item>> {
    const startedAtMs = runtime.monotonic();
    const elapsedMs = (): number => runtime.monotonic() - startedAtMs;
    const child = childAbort(call.signal);
    const sourceCall: Call = { ...call, signal: child.signal, deadlineAtMs: startedAtMs + budgetMs };

    return new Promise((resolve, reject) => {
      let state = begin<Item>(sources.map((source) => source.fallback !== undefined));
      let open = true;

      function feed(input: GatherInput<Item>): void {
        if (!open) return;
        const next = step(state, input, settings.maxItemsPerSource);
        state = next.state;
        for (const index of next.ask) void substitute(index);
        if (next.finished) answer();
      }

      function close(reason: unknown): boolean {
        if (!open) return false;
        open = false;
        cancelDeadline();
        cancelCut();
        call.signal.removeEventListener('abort', abandon);
        child.abort(reason);
        child[Symbol.dispose]();
        return true;
      }

      function answer(): void {
        const nowMs = elapsedMs();
        if (!close(new DeadlineExceededError(budgetMs))) return;
        const described = state.map((source, index) => describeSource(source, names[index] ?? '', nowMs));
        resolve({
          items: mergeItems(state, names, settings.maxItems),
          sources: described,
          elapsedMs: nowMs,
          complete: described.every((source) => source.status === 'complete'),
        });
      }

      function abandon(): void {
        if (close(call.signal.reason)) reject(call.signal.reason);
      }

      async function ask(source: Source<Item, Request>, index: number): Promise<void> {
        try {
          const emit = (items: readonly Item[]): void => {
            if (!open) return;
            feed({ kind: 'emitted', source: index, items: scored(source, items), atMs: elapsedMs() });
          };
          const rest = await source.fetch(request, { call: sourceCall, emit });
          if (open)
            feed({ kind: 'completed', source: index, items: scored(source, rest), atMs: elapsedMs() });
        } catch (error) {
          feed({
            kind: 'failed',
            source: index,
            error: error ?? new Error('rejected with nothing'),
            atMs: elapsedMs(),
          });
        }
      }

      async function substitute(index: number): Promise<void> {
        const source = sources[index];
        const follows = state[index];
        if (source?.fallback === undefined || follows === undefined) return;
        const reason: FallbackReason =
          follows.phase === 'failed'
            ? { kind: 'failed', error: follows.error }
            : { kind: 'late', elapsedMs: elapsedMs() };
        try {
          const items = await source.fallback(request, reason, sourceCall);
          if (open)
            feed({ kind: 'substituted', source: index, items: scored(source, items), atMs: elapsedMs() });
        } catch (error) {
          feed({ kind: 'substitute-failed', source: index, error, atMs: elapsedMs() });
        }
      }

      const cancelDeadline = runtime.schedule(timerMs(budgetMs), answer);
      const cutMs = budgetMs - Math.min(settings.fallbackBudgetMs, budgetMs);
      const cancelCut = runtime.schedule(timerMs(cutMs), () => feed({ kind: 'cut' }));
      call.signal.addEventListener('abort', abandon, { once: true });
      sources.forEach((source, index) => void ask(source, index));
    });
  }

  return {
    async gather(request, partial) {
      const call = rootCall(partial);
      call.signal.throwIfAborted();
      const budgetMs = Math.min(settings.deadlineMs, remainingMs(call, runtime));
      if (budgetMs <= 0) throw new DeadlineExceededError(0);
      return run(request, call, budgetMs);
    },
  };
}
