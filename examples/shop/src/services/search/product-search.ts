/** Finds products by words in a store with the product index: FTS5 gathers candidates, `relevance` ranks them. */
import type { DatabaseSync } from 'node:sqlite';
import { PRODUCT_COLUMNS, productOf, type StoredProduct } from '../catalogue/product-table.ts';
import type { FoundItem } from '../kit/ndjson.ts';
import { relevance, words } from './relevance.ts';

/** Bound of what is ranked, by FTS5's own bm25 order. */
const MAX_CANDIDATES = 300;

export interface Ranked {
  readonly product: StoredProduct;
  readonly relevance: number;
}

export type ProductSearch = (query: string, limit: number) => readonly Ranked[];

/** Every word counts, also as the beginning of a longer one; more and better places rank higher, ties by product id. */
export function productSearch(database: DatabaseSync): ProductSearch {
  const columns = PRODUCT_COLUMNS.split(', ').map((column) => `products.${column}`);
  const match = database.prepare(
    `SELECT ${columns.join(', ')} FROM product_words JOIN products ON products.row = product_words.rowid
     WHERE product_words MATCH ? ORDER BY bm25(product_words, 10, 5, 4) LIMIT ${MAX_CANDIDATES}`,
  );
  return (query, limit) => {
    const asked = words(query);
    if (asked.length === 0) return [];
    // Words hold letters and digits only, so that nothing in them is FTS5 syntax inside the quotes.
    const candidates = match.all(asked.map((word) => `"${word}"*`).join(' OR ')).map(productOf);
    return ranked(candidates, asked, limit);
  };
}

/** The best `limit` of `products` with any relevance to `asked`. */
export function ranked(
  products: readonly StoredProduct[],
  asked: readonly string[],
  limit: number,
): readonly Ranked[] {
  return products
    .map((product) => ({ product, relevance: relevance(asked, product) }))
    .filter((each) => each.relevance > 0)
    .sort(byRelevance)
    .slice(0, limit);
}

export function byRelevance(a: Ranked, b: Ranked): number {
  return b.relevance - a.relevance || (a.product.productId < b.product.productId ? -1 : 1);
}

/** As a search answer shows it. */
export function foundItem({ product, relevance: found }: Ranked): FoundItem {
  const { productId, name, category, priceCents } = product;
  return { productId, name, category, priceCents, relevance: found };
}
