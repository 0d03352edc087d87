/** Partner: stands for the search API of an outside marketplace, which the shop does not run. */
import {
  fillProducts,
  indexProducts,
  PRODUCT_INDEX_SCHEMA,
  PRODUCT_SCHEMA,
} from '../catalogue/product-table.ts';
import { query } from '../kit/body.ts';
import { searchQuerySchema } from '../kit/fields.ts';
import { streamFound } from '../kit/ndjson.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { foundItem, productSearch } from '../search/product-search.ts';
import { offers } from './offers.ts';

export const partner: ServiceDefinition = {
  name: 'partner',
  tier: 'non-critical',
  schema: PRODUCT_SCHEMA + PRODUCT_INDEX_SCHEMA,
  fill: (database, seed) => {
    fillProducts(database, offers(seed));
    indexProducts(database);
  },
  routes: (app, context) => {
    const search = productSearch(context.database);
    app.get('/search', (request) => {
      const { q, limit } = query(request, searchQuerySchema);
      return streamFound(request, context, 'search-partner', () => search(q, limit).map(foundItem));
    });
  },
};
