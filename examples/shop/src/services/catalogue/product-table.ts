/** The product rows that several services keep, each in its own store, and the word index over them. */
import type { DatabaseSync } from 'node:sqlite';
import { number, type Row, text } from '../kit/rows.ts';
import type { Product } from './catalogue.ts';

export type StoredProduct = Omit<Product, 'stock'>;

export const PRODUCT_SCHEMA = `
  CREATE TABLE products (
    row INTEGER PRIMARY KEY,
    product_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    price_cents INTEGER NOT NULL CHECK (price_cents >= 0),
    popularity REAL NOT NULL,
    keywords TEXT NOT NULL
  ) STRICT;
  CREATE INDEX products_popular ON products (popularity DESC, product_id);
`;

/** FTS5 over the product table: stores no second copy of the text, answers prefixes of 2 and 3 letters by index. */
export const PRODUCT_INDEX_SCHEMA = `
  CREATE VIRTUAL TABLE product_words USING fts5(
    name, category, keywords,
    content = 'products', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
  );
`;

export const PRODUCT_COLUMNS = 'product_id, name, category, price_cents, popularity, keywords';

export function fillProducts(database: DatabaseSync, products: readonly StoredProduct[]): void {
  const insert = database.prepare(`INSERT INTO products (${PRODUCT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`);
  for (const { productId, name, category, priceCents, popularity, keywords } of products) {
    insert.run(productId, name, category, priceCents, popularity, keywords);
  }
}

/** After {@link fillProducts}, for stores with {@link PRODUCT_INDEX_SCHEMA}. */
export function indexProducts(database: DatabaseSync): void {
  database.exec("INSERT INTO product_words (product_words) VALUES ('rebuild')");
}

export function productOf(row: Row): StoredProduct {
  return {
    productId: text(row, 'product_id'),
    name: text(row, 'name'),
    category: text(row, 'category'),
    priceCents: number(row, 'price_cents'),
    popularity: number(row, 'popularity'),
    keywords: text(row, 'keywords'),
  };
}
