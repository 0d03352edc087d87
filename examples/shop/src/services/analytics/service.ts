/** Analytics: counts what is told of orders. Nothing waits for it. */
import { products } from '../catalogue/catalogue.ts';
import { jsonBody } from '../kit/body.ts';
import { orderEventSchema } from '../kit/fields.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { ANALYTICS_SCHEMA, analyticsStore } from './store.ts';

export const analytics: ServiceDefinition = {
  ...{ name: 'analytics', tier: 'non-critical', schema: ANALYTICS_SCHEMA },
  fill: (database, seed) => {
    const insert = database.prepare('INSERT INTO catalogue VALUES (?, ?, ?)');
    for (const { productId, category, priceCents } of products(seed))
      insert.run(productId, category, priceCents);
  },
  routes: (app, { database, mutate, pause, latencyMs }) => {
    const store = analyticsStore(database);
    app.post('/events', async (request) => {
      const body = await jsonBody(request, orderEventSchema);
      return await mutate(request, 'analytics', body, (event, { nowMs }) => {
        const counted = store.count(event, nowMs);
        return {
          status: counted ? 201 : 200,
          body: { eventId: event.eventId, state: counted ? 'counted' : 'known' },
        };
      });
    });
    app.get('/summary', async (request) => {
      await pause(latencyMs('lookup'));
      return request.json(store.summary());
    });
  },
};
