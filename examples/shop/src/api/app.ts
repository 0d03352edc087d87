/** Every route of the shop's API in one place; what a route does stands in its own file. */
import type { ChoicesView, OrderView, SearchAnswer } from '@holdfast/dashboard/contract';
import type { Scope, Telemetry, TraceStore } from '@holdfast/telemetry';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { SagaMachine } from '../saga/definition.ts';
import { sagaGraph } from '../saga/graph.ts';
import { MAX_BODY_BYTES } from '../services/kit/body.ts';
import type { Chaos } from './chaos.ts';
import { refuseForeign } from './guard-origin.ts';
import { type Hub, liveEvent, MAX_PAGES } from './live/hub.ts';
import type { Load } from './load.ts';
import { openApiDocument } from './openapi.ts';
import { type AcceptParts, acceptOrder } from './orders/accept.ts';
import type { OrderStore } from './orders/store.ts';
import { page, SECURITY_HEADERS } from './pages.ts';
import { ProblemError, problemResponse, valid } from './problems.ts';
import { search } from './search.ts';
import type { Status } from './status.ts';
import type { Workers } from './workers.ts';

/** Orders and searches that a page gets on connecting. */
const HELLO_ORDERS = 50;

export interface AppParts extends AcceptParts {
  readonly port: () => number;
  readonly store: OrderStore;
  readonly telemetry: Telemetry;
  readonly traces: TraceStore;
  readonly machine: SagaMachine;
  readonly workers: Workers;
  readonly chaos: Chaos;
  readonly load: Load;
  readonly hub: Hub;
  readonly status: Status;
  readonly choices: () => Promise<ChoicesView>;
  readonly recentSearches: () => readonly SearchAnswer[];
  readonly onSearch: (answer: SearchAnswer) => void;
  readonly version: string;
}

const limitSchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });
const windowSchema = z.strictObject({
  windowMs: z.coerce.number().int().min(1_000).max(3_600_000).default(60_000),
});

interface ApiEnvironment {
  readonly Variables: { scope: Scope };
}

export function shopApp(parts: AppParts): Hono<ApiEnvironment> {
  const { telemetry, store, hub } = parts;
  const app = new Hono<ApiEnvironment>();
  app.use(async (c, next) => {
    refuseForeign(c.req.raw.headers, parts.port());
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
  });
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => tooLarge() }));
  app.onError((error, c) => asProblem(error, c.get('scope')?.correlation.id ?? 'none', telemetry));
  app.use('/api/*', async (c, next) => {
    // The stream lasts as long as its page; a span of hours would tell nothing.
    if (c.req.path === '/api/events') return await next();
    const route = `${c.req.method} ${routeOf(c.req.path)}`;
    const startedAt = performance.now();
    await telemetry.serve(route, c.req.raw.headers, { method: c.req.method }, async (scope) => {
      c.set('scope', scope);
      await next();
      const { status } = c.res;
      if (status >= 500) scope.fail(c.error ?? new Error(`answered ${status}`));
      scope.set({ status });
      c.res.headers.set('x-correlation-id', scope.correlation.id);
      const durationMs = Math.round(performance.now() - startedAt);
      telemetry.log.info({ route, status, durationMs }, 'request');
    });
  });

  app.get('/health', (c) => c.json({ service: 'api', ok: true, pid: process.pid }));
  app.get('/api/openapi.json', (c) => c.json(openApiDocument()));
  app.post('/api/orders', async (c) => {
    const key = c.req.header('idempotency-key');
    const { order, replayed } = await acceptOrder(parts, await json(c), key, c.get('scope'));
    return c.json(order, 202, {
      location: `/api/orders/${order.orderId}`,
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
    });
  });
  app.get('/api/orders', (c) =>
    c.json({
      orders: store.recent(valid(limitSchema, c.req.query(), 'query').limit).map(({ view }) => view),
    }),
  );
  app.get('/api/orders/:orderId', (c) =>
    c.json(found(store.get(c.req.param('orderId'))?.view, c.req.param('orderId'))),
  );
  app.get('/api/saga', (c) => c.json(sagaGraph(parts.machine)));
  app.get('/api/search', async (c) => {
    const answer = await search(c.req.query(), parts.workers, telemetry, c.get('scope'));
    parts.onSearch(answer);
    return c.json(answer);
  });
  app.get('/api/choices', async (c) => c.json(await parts.choices()));
  app.get('/api/status', async (c) => c.json(await parts.status.now()));
  app.get('/api/service-map', (c) =>
    c.json(parts.status.map(valid(windowSchema, c.req.query(), 'query').windowMs)),
  );
  app.get('/api/correlations/:correlationId', (c) =>
    c.json({ spans: parts.status.spans(c.req.param('correlationId')) }),
  );
  app.put('/api/load', async (c) => c.json(parts.load.set(await json(c))));
  app.get('/api/chaos', async (c) => c.json(await parts.chaos.view()));
  app.put('/api/chaos/:service', async (c) =>
    c.json(await parts.chaos.set(c.req.param('service'), await json(c))),
  );
  app.post('/api/chaos/:service/crash', async (c) => {
    await parts.chaos.crash(c.req.param('service'));
    return c.json({}, 202);
  });
  app.get('/api/events', async () => {
    const now = await parts.status.now();
    // From here on nothing waits: an order that changes is in the snapshot or comes by the stream.
    const hello = {
      version: parts.version,
      recentOrders: store.recent(HELLO_ORDERS).map(({ view }) => view),
      recentSearches: parts.recentSearches(),
    };
    const stream = hub.open(liveEvent('hello', hello) + liveEvent('status', now));
    if (stream === undefined) throw full();
    return new Response(stream, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    });
  });
  app.get('/api/*', (c) => {
    throw new ProblemError({
      status: 404,
      code: 'HF_SHOP_NO_ROUTE',
      title: 'No such route',
      detail: `there is no ${c.req.method} ${c.req.path}; see /api/openapi.json`,
    });
  });
  app.get('/*', page);
  return app;
}

/** The path with its names and ids taken out, so that spans of one route share a name. */
function routeOf(path: string): string {
  return path.replace(/^(\/api\/[^/]+\/)[^/]+/, '$1{id}');
}

async function json(c: Context): Promise<unknown> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    const detail = `the body must be application/json; the content-type is ${JSON.stringify(type.slice(0, 60))}`;
    const errors = [{ pointer: '/headers/content-type', detail: 'must be application/json' }];
    throw new ProblemError({ status: 415, code: 'HF_SHOP_NOT_JSON', title: 'Not JSON', detail, errors });
  }
  const text = await c.req.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = `the body is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new ProblemError({
      status: 400,
      code: 'HF_SHOP_MALFORMED_JSON',
      title: 'Malformed JSON',
      detail,
      errors: [{ pointer: '', detail }],
    });
  }
}

function found(order: OrderView | undefined, orderId: string): OrderView {
  if (order !== undefined) return order;
  const detail = `there is no order ${JSON.stringify(orderId.slice(0, 60))}`;
  throw new ProblemError({ status: 404, code: 'HF_SHOP_UNKNOWN_ORDER', title: 'No such order', detail });
}

function asProblem(error: unknown, correlationId: string, telemetry: Telemetry): Response {
  if (error instanceof ProblemError) return problemResponse(error.problem, correlationId);
  telemetry.log.error({ err: error }, 'a route failed');
  return problemResponse(
    {
      ...{ status: 500, code: 'HF_SHOP_FAULT', title: 'The shop failed' },
      detail: `this is a fault of the shop; the log of the api process tells more under correlation id ${correlationId}`,
    },
    correlationId,
  );
}

function tooLarge(): never {
  const detail = `the body is larger than ${MAX_BODY_BYTES} bytes; nothing was changed`;
  throw new ProblemError({
    status: 413,
    code: 'HF_SHOP_BODY_TOO_LARGE',
    title: 'Body too large',
    detail,
    errors: [{ pointer: '', detail }],
  });
}

function full(): ProblemError {
  const detail = `${MAX_PAGES} pages follow the live stream already; close one`;
  return new ProblemError({
    status: 503,
    code: 'HF_SHOP_TOO_MANY_PAGES',
    title: 'Too many pages',
    detail,
    retryAfterSeconds: 5,
  });
}
