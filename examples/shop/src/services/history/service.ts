/** History: what each customer bought, and the search among it. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { catalogue } from '../catalogue/catalogue.ts';
import { fillProducts, PRODUCT_SCHEMA } from '../catalogue/product-table.ts';
import { jsonBody, query } from '../kit/body.ts';
import {
  amountField,
  customerIdField,
  linesField,
  orderIdField,
  searchQuerySchema,
  summedLines,
} from '../kit/fields.ts';
import { streamFound } from '../kit/ndjson.ts';
import type { Answer, Delivered, ServiceDefinition } from '../kit/service.ts';
import { foundItem, ranked } from '../search/product-search.ts';
import { words } from '../search/relevance.ts';
import { HISTORY_SCHEMA, type HistoryStore, historyStore } from './store.ts';

const recordSchema = z.strictObject({
  orderId: orderIdField,
  customerId: customerIdField,
  lines: linesField,
  totalCents: amountField,
});
type RecordRequest = z.infer<typeof recordSchema>;
const listSchema = z.strictObject({
  customerId: customerIdField,
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const history: ServiceDefinition = {
  name: 'history',
  tier: 'standard',
  schema: PRODUCT_SCHEMA + HISTORY_SCHEMA,
  fill,
  routes: (app, context) => {
    const { database, pause, latencyMs, mutate } = context;
    const store = historyStore(database);
    app.post('/orders', async (request) => {
      const body = await jsonBody(request, recordSchema);
      return await mutate(request, 'history-write', body, (asked, delivered) =>
        record(store, asked, delivered),
      );
    });
    app.get('/orders', async (request) => {
      const { customerId, limit } = query(request, listSchema);
      await pause(latencyMs('lookup'));
      return request.json({ orders: store.orders(customerId, limit) });
    });
    app.get('/search', (request) => {
      const { q, customerId, limit } = query(request, searchQuerySchema);
      return streamFound(request, context, 'search-history', () =>
        customerId === undefined ? [] : ranked(store.bought(customerId), words(q), limit).map(foundItem),
      );
    });
  },
};

function fill(database: DatabaseSync, seed: number): void {
  const world = catalogue(seed);
  fillProducts(database, world.products);
  const store = historyStore(database);
  for (const order of world.pastOrders) store.put(order);
}

/** An order that is told again, under another key too, replaces what was told before. */
function record(store: HistoryStore, asked: RecordRequest, { nowMs }: Delivered): Answer {
  const known = store.has(asked.orderId);
  store.put({ ...asked, lines: summedLines(asked.lines), atMs: nowMs });
  return { status: known ? 200 : 201, body: { orderId: asked.orderId, state: 'recorded' } };
}
