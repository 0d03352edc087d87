/**
 * A search as the client gets it: handed to a worker, to the next one if that is gone, and answered
 * by 400 ms whatever happens behind.
 */
import { randomUUID } from 'node:crypto';
import type { SearchAnswer, SearchItem, SearchSource } from '@holdfast/dashboard/contract';
import type { Scope, Telemetry } from '@holdfast/telemetry';
import { z } from 'zod';
import { readJson } from '../process/json.ts';
import { SEARCH_SOURCES } from '../search/search.ts';
import { valid } from './problems.ts';
import type { Workers } from './workers.ts';

/** By when the client has its answer. */
export const SEARCH_DEADLINE_MS = 400;
/** Kept back for the way between worker, api and client. */
const RESERVE_MS = 50;
/** When no worker has answered by then, the api answers by itself. */
const LAST_MOMENT_MS = 15;

export const searchQuerySchema = z.strictObject({
  q: z.string().trim().min(1).max(100),
  customerId: z.string().max(40).default(''),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

interface Gathered {
  readonly items: readonly {
    readonly item: Omit<SearchItem, 'score' | 'sources'>;
    readonly sources: readonly string[];
    readonly score: number;
  }[];
  readonly sources: readonly SearchSource[];
  readonly complete: boolean;
}

/** @throws ProblemError 400 on a query that is not valid. */
export async function search(
  query: unknown,
  workers: Workers,
  telemetry: Telemetry,
  scope: Scope,
): Promise<SearchAnswer> {
  const startedAt = performance.now();
  const { q, customerId, limit } = valid(searchQuerySchema, query, 'query');
  const found = await Promise.race([
    askInTurn(workers, { q, customerId, limit: String(limit) }, startedAt, telemetry),
    nobody(SEARCH_DEADLINE_MS - LAST_MOMENT_MS),
  ]);
  const answer: SearchAnswer = {
    ...{
      searchId: `s-${randomUUID()}`,
      query: q,
      correlationId: scope.correlation.id,
      deadlineMs: SEARCH_DEADLINE_MS,
    },
    ...{ complete: found.complete, elapsedMs: Math.round(performance.now() - startedAt), atMs: Date.now() },
    items: found.items.slice(0, limit).map(({ item, sources, score }) => ({
      ...{ productId: item.productId, name: item.name, category: item.category, priceCents: item.priceCents },
      ...{ score, sources },
    })),
    sources: found.sources.map(({ name, status, itemCount, startedMs, elapsedMs, error }) => ({
      ...{ name, status, itemCount, startedMs: Math.round(startedMs), elapsedMs: Math.round(elapsedMs) },
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    })),
  };
  scope.set({ complete: answer.complete, items: answer.items.length });
  return answer;
}

async function askInTurn(
  workers: Workers,
  query: Record<string, string>,
  startedAt: number,
  telemetry: Telemetry,
): Promise<Gathered> {
  for (const url of workers.inTurn()) {
    const leftMs = SEARCH_DEADLINE_MS - RESERVE_MS - (performance.now() - startedAt);
    if (leftMs <= 0) break;
    try {
      return await telemetry.call('GET worker /search', { peer: 'worker' }, async (scope) => {
        const params = new URLSearchParams({ ...query, deadlineMs: String(Math.floor(leftMs)) });
        const response = await fetch(`${url}/search?${params}`, {
          headers: scope.headers(),
          signal: AbortSignal.timeout(Math.ceil(leftMs) + RESERVE_MS - LAST_MOMENT_MS),
        });
        if (!response.ok) throw new Error(`the worker at ${url} answered ${response.status}`);
        return await readJson<Gathered>(response);
      });
    } catch (error) {
      workers.distrust(url);
      telemetry.log.warn({ err: error, worker: url }, 'a worker did not answer a search; asking the next');
    }
  }
  return unanswered(performance.now() - startedAt);
}

function nobody(afterMs: number): Promise<Gathered> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(unanswered(afterMs)), afterMs).unref();
  });
}

function unanswered(elapsedMs: number): Gathered {
  const error = { code: 'HF_SHOP_NO_WORKER', message: 'no worker answered in time' };
  const sources = SEARCH_SOURCES.map((name) => ({
    name,
    status: 'missing' as const,
    itemCount: 0,
    startedMs: 0,
    elapsedMs,
    error,
  }));
  return { items: [], sources, complete: false };
}
