/** One search of the fake shop: four sources that are late, partial or gone as chaos has it. */
import type { ChaosSettings, SearchAnswer, SearchItem, SearchSource } from '../../src/contract.ts';
import { CHOICES } from './catalogue.ts';
import { between, hex, type Random } from './random.ts';

export const DEADLINE_MS = 400;
const SOURCES = [
  { name: 'products', typicalMs: 150 },
  { name: 'history', typicalMs: 120 },
  { name: 'recommendations', typicalMs: 180 },
  { name: 'partner', typicalMs: 240 },
];

export function searchAnswer(
  query: string,
  chaos: ReadonlyMap<string, ChaosSettings>,
  random: Random,
  atMs: number,
): SearchAnswer {
  const sources = SOURCES.map(({ name, typicalMs }) => source(name, typicalMs, chaos.get(name), random));
  const answering = sources.filter(({ itemCount }) => itemCount > 0);
  const words = query.toLowerCase().split(/\s+/);
  const items = CHOICES.products
    .filter(({ name, category }) => words.some((word) => `${name} ${category}`.toLowerCase().includes(word)))
    .map(
      (product, index): SearchItem => ({
        ...product,
        score: Math.max(0.05, 0.97 - index * 0.11),
        sources: answering
          .filter((_, place) => (place + index) % 2 === 0 || place === 0)
          .map(({ name }) => name),
      }),
    );
  return {
    ...{
      searchId: `s-${hex(random, 12)}`,
      query,
      correlationId: hex(random, 32),
      deadlineMs: DEADLINE_MS,
      atMs,
    },
    complete: sources.every(({ status }) => status === 'complete'),
    elapsedMs: Math.min(
      DEADLINE_MS - 8,
      Math.max(...sources.map(({ startedMs, elapsedMs }) => startedMs + elapsedMs)) + 3,
    ),
    ...{ items: answering.length === 0 ? [] : items, sources },
  };
}

function source(
  name: string,
  typicalMs: number,
  chaos: ChaosSettings | undefined,
  random: Random,
): SearchSource {
  const startedMs = between(random, 1, 6);
  const drawn = Math.round(typicalMs * (0.6 + random() * 0.8) + (random() < 0.06 ? 220 : 0));
  const late = drawn + (chaos?.extraLatencyMs ?? 0);
  const itemCount = between(random, 3, 12);
  if (chaos === undefined || random() < chaos.errorRatio) {
    const error = { code: 'HF_SHOP_UNAVAILABLE', message: `${name} answered 503` };
    return { name, status: 'fallback', itemCount: 4, startedMs, elapsedMs: between(random, 20, 60), error };
  }
  if (chaos.hang) {
    const error = { code: 'HF_TIMEOUT', message: `${name} did not answer within 365 ms` };
    return {
      name,
      status: name === 'partner' ? 'missing' : 'fallback',
      itemCount: name === 'partner' ? 0 : 4,
      startedMs,
      elapsedMs: 372,
      error,
    };
  }
  if (late > 380)
    return { name, status: 'partial', itemCount: Math.ceil(itemCount / 2), startedMs, elapsedMs: 384 };
  return { name, status: 'complete', itemCount, startedMs, elapsedMs: late };
}
