/** Products: the search over the shop's range, and what a product is. */
import { z } from 'zod';
import { products as generated } from '../catalogue/catalogue.ts';
import {
  fillProducts,
  indexProducts,
  PRODUCT_COLUMNS,
  PRODUCT_INDEX_SCHEMA,
  PRODUCT_SCHEMA,
  productOf,
  type StoredProduct,
} from '../catalogue/product-table.ts';
import { jsonBody, query } from '../kit/body.ts';
import { productIdField, searchQuerySchema } from '../kit/fields.ts';
import { streamFound } from '../kit/ndjson.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { foundItem, productSearch } from '../search/product-search.ts';

const lookupSchema = z.strictObject({ productIds: z.array(productIdField).min(1).max(50) });
const listSchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) });

export const products: ServiceDefinition = {
  name: 'products',
  tier: 'standard',
  schema: PRODUCT_SCHEMA + PRODUCT_INDEX_SCHEMA,
  fill: (database, seed) => {
    fillProducts(database, generated(seed));
    indexProducts(database);
  },
  routes: (app, context) => {
    const { database, pause, latencyMs } = context;
    const search = productSearch(database);
    const one = database.prepare(`SELECT ${PRODUCT_COLUMNS} FROM products WHERE product_id = ?`);
    const popular = database.prepare(
      `SELECT ${PRODUCT_COLUMNS} FROM products ORDER BY popularity DESC, product_id LIMIT ?`,
    );
    app.get('/search', (request) => {
      const { q, limit } = query(request, searchQuerySchema);
      return streamFound(request, context, 'search-products', () => search(q, limit).map(foundItem));
    });
    app.get('/products', async (request) => {
      const { limit } = query(request, listSchema);
      await pause(latencyMs('lookup'));
      return request.json({ products: popular.all(limit).map((row) => view(productOf(row))) });
    });
    app.post('/products/lookup', async (request) => {
      const { productIds } = await jsonBody(request, lookupSchema);
      await pause(latencyMs('lookup'));
      const asked = [...new Set(productIds)].map((productId) => ({ productId, row: one.get(productId) }));
      return request.json({
        products: asked.flatMap(({ row }) => (row === undefined ? [] : [view(productOf(row))])),
        unknown: asked.flatMap(({ productId, row }) => (row === undefined ? [productId] : [])),
      });
    });
  },
};

function view({ productId, name, category, priceCents }: StoredProduct): object {
  return { productId, name, category, priceCents };
}
