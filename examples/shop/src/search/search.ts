/**
 * The search of the shop: scatter-gather over four sources, answered in time with what came. Each
 * source goes through its guards; what fails is filled from the last good answers, kept in a bounded cache.
 */
import { type ScatterGather, type Source, scatterGather } from '@holdfast/core';
import type { SearchItem } from '@holdfast/dashboard/contract';
import { z } from 'zod';
import type { ServiceClient } from '../guarded/http.ts';
import type { ServiceName } from '../supervisor/topology.ts';
import { recentAnswers } from './recent-answers.ts';

export interface SearchRequest {
  readonly query: string;
  readonly customerId: string;
  readonly limit: number;
}

export type Found = Omit<SearchItem, 'score' | 'sources'> & { readonly relevance: number };

const foundSchema = z.object({
  productId: z.string(),
  name: z.string(),
  category: z.string(),
  priceCents: z.number(),
  relevance: z.number().min(0).max(1),
});
const lineSchema = z.union([z.object({ items: z.array(foundSchema) }), z.object({ done: z.literal(true) })]);

/** A source's say in the ranking: what was searched for counts more than what might also please. */
const SOURCES = [
  { name: 'products', weight: 1, path: '/search' },
  { name: 'history', weight: 0.8, path: '/search' },
  { name: 'recommendations', weight: 0.6, path: '/search' },
  { name: 'partner', weight: 0.5, path: '/search' },
] as const satisfies readonly { name: ServiceName; weight: number; path: string }[];

export const SEARCH_SOURCES: readonly ServiceName[] = SOURCES.map(({ name }) => name);

/** Kept for fallbacks: so many queries a source. */
const CACHED_QUERIES = 200;

export function shopSearch(client: ServiceClient, deadlineMs: number): ScatterGather<Found, SearchRequest> {
  return scatterGather<Found, SearchRequest>(
    SOURCES.map(({ name, weight, path }) => source(client, name, weight, path)),
    { deadlineMs, maxItems: 50, key: (item) => item.productId, score: (item) => item.relevance },
  );
}

function source(
  client: ServiceClient,
  name: ServiceName,
  weight: number,
  path: string,
): Source<Found, SearchRequest> {
  const recent = recentAnswers<Found>(CACHED_QUERIES);
  return {
    ...{ name, weight },
    fetch: async (request, { call, emit }) => {
      const all: Found[] = [];
      const query = new URLSearchParams({ q: request.query, limit: String(request.limit) });
      if (request.customerId !== '') query.set('customerId', request.customerId);
      await client.lines(
        name,
        { method: 'GET', path: `${path}?${query}` },
        (line) => {
          const parsed = lineSchema.parse(line);
          if (!('items' in parsed)) return;
          all.push(...parsed.items);
          emit(parsed.items);
        },
        call,
      );
      recent.keep(request.query, all);
      // Everything was handed over by emit as it came.
      return [];
    },
    fallback: (request) => recent.like(request.query),
  };
}
