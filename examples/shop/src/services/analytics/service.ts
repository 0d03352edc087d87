/** Analytics: counts what is told of orders. Nothing waits for it. */
import { products } from '../catalogue/catalogue.ts';
import { jsonBody } from '../kit/body.ts';
import { orderEventSchema } from '../kit/fields.ts';
import { SEEN_EVENTS_SCHEMA, seenEvents } from '../kit/seen-events.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { ANALYTICS_SCHEMA, analyticsStore } from './store.ts';

export const analytics: ServiceDefinition = {
  name: 'analytics',
  tier: 'non-critical',
  schema: ANALYTICS_SCHEMA + SEEN_EVENTS_SCHEMA,
  fill: (database, seed) => {
    const insert = database.prepare('INSERT INTO catalogue VALUES (?, ?, ?)');
    for (const { productId, category, priceCents } of products(seed))
      insert.run(productId, category, priceCents);
  },
  routes: (app, { database, mutate, pause, latencyMs }) => {
    const store = analyticsStore(database);
    const isNew = seenEvents(database);
    app.post('/events', async (request) => {
      const body = await jsonBody(request, orderEventSchema);
      return await mutate(request, 'analytics', body, (event, { nowMs }) => {
        if (!isNew(event.eventId)) return { status: 200, body: { eventId: event.eventId, state: 'known' } };
        store.count(event, nowMs);
        return { status: 201, body: { eventId: event.eventId, state: 'counted' } };
      });
    });
    app.get('/summary', async (request) => {
      await pause(latencyMs('lookup'));
      return request.json(store.summary());
    });
  },
};
