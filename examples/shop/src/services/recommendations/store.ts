/** What recommendations know: which products are bought together, and which categories a customer likes. */
import type { DatabaseSync } from 'node:sqlite';
import { productOf, type StoredProduct } from '../catalogue/product-table.ts';
import type { Line } from '../kit/fields.ts';
import { number, text } from '../kit/rows.ts';

export const RECOMMENDATION_SCHEMA = `
  CREATE TABLE together (
    product_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    orders INTEGER NOT NULL,
    PRIMARY KEY (product_id, other_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE likes (
    customer_id TEXT NOT NULL,
    category TEXT NOT NULL,
    orders INTEGER NOT NULL,
    PRIMARY KEY (customer_id, category)
  ) STRICT, WITHOUT ROWID;
`;

export interface Companion {
  readonly product: StoredProduct;
  /** Orders that held both. */
  readonly orders: number;
}

export interface RecommendationStore {
  /** Call within a transaction. */
  learn(customerId: string, lines: readonly Line[]): void;
  /** What was bought together with `productId`, most often first. */
  companions(productId: string, limit: number): readonly Companion[];
  /** Orders by category. */
  likes(customerId: string): ReadonlyMap<string, number>;
  popularIn(category: string, limit: number): readonly StoredProduct[];
}

export function recommendationStore(database: DatabaseSync): RecommendationStore {
  const columns = 'products.product_id, name, category, price_cents, popularity, keywords';
  const pair = database.prepare(
    'INSERT INTO together VALUES (?, ?, 1) ON CONFLICT (product_id, other_id) DO UPDATE SET orders = orders + 1',
  );
  const like = database.prepare(
    `INSERT INTO likes SELECT ?, category, 1 FROM products WHERE product_id = ?
     ON CONFLICT (customer_id, category) DO UPDATE SET orders = orders + 1`,
  );
  const companions = database.prepare(
    `SELECT ${columns}, orders FROM together JOIN products ON products.product_id = other_id
     WHERE together.product_id = ? ORDER BY orders DESC, other_id LIMIT ?`,
  );
  const likes = database.prepare('SELECT category, orders FROM likes WHERE customer_id = ?');
  const popularIn = database.prepare(
    `SELECT ${columns} FROM products WHERE category = ? ORDER BY popularity DESC, product_id LIMIT ?`,
  );
  return {
    learn: (customerId, lines) => {
      for (const { productId } of lines) {
        like.run(customerId, productId);
        for (const other of lines) if (other.productId !== productId) pair.run(productId, other.productId);
      }
    },
    companions: (productId, limit) =>
      companions
        .all(productId, limit)
        .map((row) => ({ product: productOf(row), orders: number(row, 'orders') })),
    likes: (customerId) =>
      new Map(likes.all(customerId).map((row) => [text(row, 'category'), number(row, 'orders')])),
    popularIn: (category, limit) => popularIn.all(category, limit).map(productOf),
  };
}
