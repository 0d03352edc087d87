/** Recommendations: what others bought together with what is searched for, weighed by the customer's taste. */

import { catalogue } from '../catalogue/catalogue.ts';
import {
  fillProducts,
  indexProducts,
  PRODUCT_INDEX_SCHEMA,
  PRODUCT_SCHEMA,
} from '../catalogue/product-table.ts';
import { jsonBody, query } from '../kit/body.ts';
import { orderEventSchema, searchQuerySchema, summedLines } from '../kit/fields.ts';
import { streamFound } from '../kit/ndjson.ts';
import { SEEN_EVENTS_SCHEMA, seenEvents } from '../kit/seen-events.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { inTransaction } from '../kit/transaction.ts';
import { foundItem, type ProductSearch, productSearch } from '../search/product-search.ts';
import { words } from '../search/relevance.ts';
import { type Evidence, recommend } from './recommend.ts';
import { RECOMMENDATION_SCHEMA, type RecommendationStore, recommendationStore } from './store.ts';

/** Bounds of the evidence for one search. */
const FOUND = 12;
const COMPANIONS_EACH = 8;
const POPULAR_EACH = 10;
const CATEGORIES = 3;

export const recommendations: ServiceDefinition = {
  name: 'recommendations',
  tier: 'non-critical',
  schema: PRODUCT_SCHEMA + PRODUCT_INDEX_SCHEMA + RECOMMENDATION_SCHEMA + SEEN_EVENTS_SCHEMA,
  fill: (database, seed) => {
    const world = catalogue(seed);
    fillProducts(database, world.products);
    indexProducts(database);
    const store = recommendationStore(database);
    for (const { customerId, lines } of world.pastOrders) store.learn(customerId, lines);
  },
  routes: (app, context) => {
    const { database, pause, latencyMs } = context;
    const store = recommendationStore(database);
    const isNew = seenEvents(database);
    const search = productSearch(database);
    app.get('/search', (request) => {
      const { q, customerId, limit } = query(request, searchQuerySchema);
      return streamFound(request, context, 'search-recommendations', () =>
        recommend(evidence(store, search, q, customerId), limit).map(foundItem),
      );
    });
    // The event id makes a repeat harmless, so no Idempotency-Key is asked for.
    app.post('/events', async (request) => {
      const { eventId, type, order } = await jsonBody(request, orderEventSchema);
      await pause(latencyMs('analytics'));
      const learned = inTransaction(database, () => {
        if (!isNew(eventId) || type !== 'order-confirmed') return false;
        store.learn(order.customerId, summedLines(order.lines));
        return true;
      });
      return request.json({ eventId, state: learned ? 'learned' : 'known' }, learned ? 201 : 200);
    });
  },
};

function evidence(
  store: RecommendationStore,
  search: ProductSearch,
  q: string,
  customerId: string | undefined,
): Evidence {
  const found = search(q, FOUND);
  const likes = customerId === undefined ? new Map<string, number>() : store.likes(customerId);
  const categories = [...new Set(found.map(({ product }) => product.category))].slice(0, CATEGORIES);
  return {
    query: words(q),
    found,
    likes,
    companions: found.flatMap(({ product, relevance: of }) =>
      store.companions(product.productId, COMPANIONS_EACH).map((companion) => ({ ...companion, of })),
    ),
    popular: categories.flatMap((category) => store.popularIn(category, POPULAR_EACH)),
  };
}
