/** From what a query found to what else may please: bought together, liked category, close to the words. Pure. */
import type { StoredProduct } from '../catalogue/product-table.ts';
import { byRelevance, type Ranked } from '../search/product-search.ts';
import { relevance } from '../search/relevance.ts';

export interface Evidence {
  readonly query: readonly string[];
  /** What the words themselves found. */
  readonly found: readonly Ranked[];
  /** Bought together with something that was found: how well that was found, and in how many orders. */
  readonly companions: readonly {
    readonly product: StoredProduct;
    readonly orders: number;
    readonly of: number;
  }[];
  /** Popular products of the categories at hand. */
  readonly popular: readonly StoredProduct[];
  /** Orders of this customer by category; empty for an unknown customer. */
  readonly likes: ReadonlyMap<string, number>;
}

/** Shares of the score; they add up to 1, so that the score stays in 0..1. */
const SHARE = { words: 0.4, together: 0.35, taste: 0.25 } as const;
/** Orders together after which a companion counts in full. */
const CERTAIN_ORDERS = 3;

/** The best `limit`, each product once, best first, ties by product id. */
export function recommend(evidence: Evidence, limit: number): readonly Ranked[] {
  const together = new Map<string, number>();
  for (const { product, orders, of } of evidence.companions) {
    const strength = of * Math.min(1, orders / CERTAIN_ORDERS);
    together.set(product.productId, Math.max(together.get(product.productId) ?? 0, strength));
  }
  const most = Math.max(1, ...evidence.likes.values());
  const candidates = new Map<string, StoredProduct>();
  for (const { product } of [...evidence.found, ...evidence.companions])
    candidates.set(product.productId, product);
  for (const product of evidence.popular) candidates.set(product.productId, product);
  return [...candidates.values()]
    .map((product) => {
      const score =
        SHARE.words * relevance(evidence.query, product) +
        SHARE.together * (together.get(product.productId) ?? 0) +
        SHARE.taste * ((evidence.likes.get(product.category) ?? 0) / most) * product.popularity;
      return { product, relevance: Math.round(score * 10_000) / 10_000 };
    })
    .filter((each) => each.relevance > 0)
    .sort(byRelevance)
    .slice(0, limit);
}
