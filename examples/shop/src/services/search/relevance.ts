/** How well a product answers a query, as a number in 0..1 that means the same in every service. Pure. */

/** Bound of the words of a query that count; the rest is ignored. */
const MAX_WORDS = 12;

export interface Searchable {
  readonly name: string;
  readonly category: string;
  readonly keywords: string;
  /** 0..1 */
  readonly popularity: number;
}

/** What a word is worth by where it stands: whole, and as the beginning of a longer word. */
const WORTH = { name: [1, 0.8], category: [0.7, 0.55], keywords: [0.6, 0.45] } as const;
/** Between equal matches the popular product comes first, by so much at most. */
const POPULARITY_SHARE = 0.1;

/** Lower-case words without accents: letters and digits, as FTS5's unicode61 would part them. */
export function words(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, MAX_WORDS);
}

/** Mean worth of the query's words in `product`, raised a little by popularity. 0 when no word occurs. */
export function relevance(query: readonly string[], product: Searchable): number {
  if (query.length === 0) return 0;
  const fields = {
    name: words(product.name),
    category: words(product.category),
    keywords: words(product.keywords),
  };
  const total = query.reduce((sum, word) => sum + worth(word, fields), 0);
  const match = total / query.length;
  return Math.round(match * (1 - POPULARITY_SHARE + POPULARITY_SHARE * product.popularity) * 10_000) / 10_000;
}

function worth(word: string, fields: Readonly<Record<keyof typeof WORTH, readonly string[]>>): number {
  let best = 0;
  for (const field of ['name', 'category', 'keywords'] as const) {
    const [whole, beginning] = WORTH[field];
    for (const candidate of fields[field]) {
      if (candidate === word) best = Math.max(best, whole);
      else if (candidate.startsWith(word)) best = Math.max(best, beginning);
    }
  }
  return best;
}
