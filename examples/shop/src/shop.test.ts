/** The shop as a client sees it: real processes, every answer held against openapi.json. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type { OrderView, Problem, SearchAnswer, SpanView, StatusView } from '@holdfast/dashboard/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allOperations, asDescribed, seen } from './testing/openapi.fixture.ts';
import { type RunningShop, runningShop } from './testing/running-shop.fixture.ts';

let shop: RunningShop;
beforeAll(async () => {
  shop = await runningShop();
}, 60_000);
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: T; headers: Headers }> {
  const response = await fetch(`${shop.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const described = await asDescribed<T>(method, path, response);
  return { status: response.status, body: described, headers: response.headers };
}

const ORDER = { customerId: 'c-001', lines: [{ productId: 'p-00001', quantity: 1 }] };

async function ended(orderId: string): Promise<OrderView> {
  return await until(async () => {
    const { body } = await call<OrderView>('GET', `/api/orders/${orderId}`);
    return body.endedAtMs === undefined ? undefined : body;
  });
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt) throw new Error('waited 20 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('an order', () => {
  test('is accepted, goes through every step and is confirmed', async () => {
    const { status, body, headers } = await call<OrderView>('POST', '/api/orders', ORDER);
    expect([status, body.status, headers.get('location')]).toEqual([
      202,
      'running',
      `/api/orders/${body.orderId}`,
    ]);
    const order = await ended(body.orderId);
    expect(order.status).toBe('confirmed');
    const steps = order.steps
      .filter(({ kind }) => kind === 'forward')
      .map(({ state, status: outcome }) => `${state} ${outcome}`);
    expect(steps).toEqual([
      'ReservePayment done',
      'ReserveInventory done',
      'CreateShipping done',
      'ConfirmOrder done',
    ]);
  });

  test('under the same key and body is the same order; under another body it is refused and nothing changes', async () => {
    const key = { 'idempotency-key': 'shop-test-1' };
    const first = await call<OrderView>('POST', '/api/orders', ORDER, key);
    const again = await call<OrderView>('POST', '/api/orders', ORDER, key);
    expect([again.body.orderId, again.headers.get('idempotent-replayed')]).toEqual([
      first.body.orderId,
      'true',
    ]);
    const before = await count();
    const other = await call<Problem>('POST', '/api/orders', { ...ORDER, customerId: 'c-002' }, key);
    expect([other.status, other.body.code, other.body.errors?.[0]?.pointer]).toEqual([
      422,
      'HF_SHOP_KEY_REUSED',
      '/headers/idempotency-key',
    ]);
    expect(await count()).toBe(before);
  });

  test('that stands is answered under its key although products cannot be looked up', async () => {
    const key = { 'idempotency-key': 'shop-test-2' };
    const calm = { errorRatio: 0, declineRatio: 0, lostAnswerRatio: 0, extraLatencyMs: 0, hang: false };
    const order = { customerId: 'c-003', lines: [{ productId: 'p-00777', quantity: 1 }] };
    const first = await call<OrderView>('POST', '/api/orders', order, key);
    const api = (await shop.processes()).find(({ name }) => name === 'api');
    await call('PUT', '/api/chaos/products', { ...calm, errorRatio: 1 });
    process.kill(api?.pid ?? 0, 'SIGKILL');
    await until(async () => await shop.processes().catch(() => undefined));
    const again = await call<OrderView>('POST', '/api/orders', order, key);
    expect([again.status, again.body.orderId]).toEqual([202, first.body.orderId]);
    await call('PUT', '/api/chaos/products', calm);
  });

  test('that inventory refuses is undone, payment released, and says why', async () => {
    const calm = { errorRatio: 0, declineRatio: 0, lostAnswerRatio: 0, extraLatencyMs: 0, hang: false };
    await call('PUT', '/api/chaos/inventory', { ...calm, declineRatio: 1 });
    const { body } = await call<OrderView>('POST', '/api/orders', ORDER);
    const order = await ended(body.orderId);
    await call('PUT', '/api/chaos/inventory', calm);
    expect(order.status).toBe('undone');
    expect(order.reason).toMatch(/^ReserveInventory: InsufficientStock\./);
    expect(order.steps.filter(({ kind }) => kind === 'compensation').map(({ state }) => state)).toEqual([
      'ReleasePayment',
    ]);
  });

  test('carries one correlation id and one trace through every hop', async () => {
    const { body } = await call<OrderView>('POST', '/api/orders', ORDER, {
      'x-correlation-id': 'my-own-id-7',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(body.correlationId).toBe('my-own-id-7');
    await ended(body.orderId);
    const services = ['api', 'engine', 'worker', 'payment', 'inventory', 'shipping'];
    const spans = await until(async () => {
      const found = (await call<{ spans: SpanView[] }>('GET', '/api/correlations/my-own-id-7')).body.spans;
      return services.every((service) => found.some((span) => span.service === service)) ? found : undefined;
    });
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(
      new Set(['0af7651916cd43dd8448eb211c80319c']),
    );
  });
});

describe('a search', () => {
  test('names its four sources and comes in time', async () => {
    const { body } = await call<SearchAnswer>('GET', '/api/search?q=kettle&customerId=c-001');
    expect(body.sources.map(({ name }) => name)).toEqual([
      'products',
      'history',
      'recommendations',
      'partner',
    ]);
    expect(body.items.length).toBeGreaterThan(0);
    expect(new Set(body.items.map(({ productId }) => productId)).size).toBe(body.items.length);
    expect(body.items.map(({ score }) => score)).toEqual(
      body.items.map(({ score }) => score).toSorted((a, b) => b - a),
    );
  });

  test('with a hanging partner is answered by 400 ms and says that the partner is not complete', async () => {
    const calm = { errorRatio: 0, declineRatio: 0, lostAnswerRatio: 0, extraLatencyMs: 0, hang: false };
    await call('PUT', '/api/chaos/partner', { ...calm, hang: true });
    const { body } = await call<SearchAnswer>('GET', '/api/search?q=lamp');
    await call('PUT', '/api/chaos/partner', calm);
    const partner = body.sources.find(({ name }) => name === 'partner');
    expect([body.complete, partner?.status === 'complete']).toEqual([false, false]);
    expect(body.items.length).toBeGreaterThan(0);
    // 100 ms for a busy machine's timers.
    expect(body.elapsedMs).toBeLessThanOrEqual(500);
  });
});

describe('bad input names its field and changes nothing', () => {
  test.each<
    [
      why: string,
      method: string,
      path: string,
      body: unknown,
      status: number,
      code: string,
      pointer: string | undefined,
    ]
  >([
    [
      'unknown product',
      'POST',
      '/api/orders',
      { ...ORDER, lines: [{ productId: 'p-99999', quantity: 1 }] },
      422,
      'HF_SHOP_UNKNOWN_PRODUCT',
      '/lines/0/productId',
    ],
    [
      'unknown customer',
      'POST',
      '/api/orders',
      { ...ORDER, customerId: 'c-999' },
      422,
      'HF_SHOP_UNKNOWN_CUSTOMER',
      '/customerId',
    ],
    [
      'negative quantity',
      'POST',
      '/api/orders',
      { ...ORDER, lines: [{ productId: 'p-00001', quantity: -2 }] },
      400,
      'HF_SHOP_INVALID',
      '/lines/0/quantity',
    ],
    [
      'fractional quantity',
      'POST',
      '/api/orders',
      { ...ORDER, lines: [{ productId: 'p-00001', quantity: 1.5 }] },
      400,
      'HF_SHOP_INVALID',
      '/lines/0/quantity',
    ],
    [
      'too many of one',
      'POST',
      '/api/orders',
      { ...ORDER, lines: [{ productId: 'p-00001', quantity: 101 }] },
      400,
      'HF_SHOP_INVALID',
      '/lines/0/quantity',
    ],
    ['no lines', 'POST', '/api/orders', { ...ORDER, lines: [] }, 400, 'HF_SHOP_INVALID', '/lines'],
    [
      'a product twice',
      'POST',
      '/api/orders',
      { ...ORDER, lines: [...ORDER.lines, ...ORDER.lines] },
      400,
      'HF_SHOP_INVALID',
      '/lines/1/productId',
    ],
    [
      'missing customer',
      'POST',
      '/api/orders',
      { lines: ORDER.lines },
      400,
      'HF_SHOP_INVALID',
      '/customerId',
    ],
    [
      'a field too many',
      'POST',
      '/api/orders',
      { ...ORDER, discount: 1 },
      400,
      'HF_SHOP_INVALID',
      '/discount',
    ],
    ['malformed JSON', 'POST', '/api/orders', '{"customerId":', 400, 'HF_SHOP_MALFORMED_JSON', ''],
    [
      'body over the limit',
      'POST',
      '/api/orders',
      { ...ORDER, customerId: 'x'.repeat(70_000) },
      413,
      'HF_SHOP_BODY_TOO_LARGE',
      '',
    ],
    ['no query', 'GET', '/api/search?q=', undefined, 400, 'HF_SHOP_INVALID', '/q'],
    ['limit out of bounds', 'GET', '/api/orders?limit=0', undefined, 400, 'HF_SHOP_INVALID', '/limit'],
    [
      'load out of bounds',
      'PUT',
      '/api/load',
      { ordersPerSecond: 51, searchesPerSecond: 0, seconds: 1 },
      400,
      'HF_SHOP_INVALID',
      '/ordersPerSecond',
    ],
    [
      'chaos out of bounds',
      'PUT',
      '/api/chaos/payment',
      { errorRatio: 2, declineRatio: 0, lostAnswerRatio: 0, extraLatencyMs: 0, hang: false },
      400,
      'HF_SHOP_INVALID',
      '/errorRatio',
    ],
    [
      'unknown service',
      'POST',
      '/api/chaos/nobody/crash',
      undefined,
      404,
      'HF_SHOP_UNKNOWN_SERVICE',
      undefined,
    ],
    ['unknown order', 'GET', '/api/orders/o-none', undefined, 404, 'HF_SHOP_UNKNOWN_ORDER', undefined],
  ])('%s', async (_why, method, path, body, status, code, pointer) => {
    const before = await count();
    const answer = await call<Problem>(method, path, body);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer]).toEqual([
      status,
      code,
      pointer,
    ]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await count()).toBe(before);
  });

  test('an idempotency key that is not one', async () => {
    const { status, body } = await call<Problem>('POST', '/api/orders', ORDER, {
      'idempotency-key': 'x'.repeat(201),
    });
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/headers/idempotency-key']);
  });

  test('another content type', async () => {
    const { status, body } = await call<Problem>('POST', '/api/orders', 'customerId=c-001', {
      'content-type': 'text/plain',
    });
    expect([status, body.code]).toEqual([415, 'HF_SHOP_NOT_JSON']);
  });
});

describe('foreign requests are refused', () => {
  test.each<[why: string, headers: Record<string, string>]>([
    ['a page elsewhere', { origin: 'https://evil.example' }],
    ['a rebound name', { host: 'evil.example' }],
  ])('%s, by the workers, too', async (_why, headers) => {
    const { body } = await call<StatusView>('GET', '/api/status');
    expect(body.breakers.length).toBeGreaterThan(0);
    const log = readFileSync(join(shop.dataFolder, 'logs', 'worker-1.log'), 'utf8').split('\n')[0] ?? '{}';
    const { port }: { port: number } = JSON.parse(log);
    expect(await rawStatus('/status', {}, port)).toBe(200);
    expect(await rawStatus('/status', headers, port)).toBe(403);
  });

  test.each<[why: string, headers: Record<string, string>]>([
    ['a page elsewhere', { origin: 'https://evil.example' }],
    ['a rebound name', { host: 'evil.example' }],
  ])('%s', async (_why, headers) => {
    expect(await rawStatus('/api/status', headers)).toBe(403);
    expect(await rawStatus('/api/events', headers)).toBe(403);
    expect(await rawStatus('/', headers)).toBe(403);
  });
});

test('the instruments answer: saga, choices, load, chaos, map', async () => {
  await call('GET', '/health');
  await call('GET', '/api/openapi.json');
  await call('GET', '/api/saga');
  await call('GET', '/api/choices');
  await call('GET', '/api/chaos');
  await call('GET', '/api/service-map');
  await call('GET', '/api/orders');
  const { body } = await call<{ sent: number }>('PUT', '/api/load', {
    ordersPerSecond: 10,
    searchesPerSecond: 5,
    seconds: 1,
  });
  expect(body.sent).toBe(0);
  const sent = await until(async () => {
    const { load } = (await call<StatusView>('GET', '/api/status')).body;
    return load.remainingSeconds === 0 && load.sent > 5 ? load : undefined;
  });
  expect(sent.failed).toBe(0);
});

test('two workers guard every dependency', async () => {
  const { body } = await call<StatusView>('GET', '/api/status');
  const workers = body.breakers
    .filter(({ dependency }) => dependency === 'payment')
    .map(({ worker }) => worker);
  expect(workers.toSorted()).toEqual(['worker-1', 'worker-2']);
  expect(body.processes.filter(({ up }) => !up)).toEqual([]);
});

test('a service that crashes is up again, and says so', async () => {
  const before = (await shop.processes()).find(({ name }) => name === 'analytics');
  expect((await call('POST', '/api/chaos/analytics/crash')).status).toBe(202);
  const after = await until(async () => {
    const now = (await shop.processes()).find(({ name }) => name === 'analytics');
    return now?.up === true && now.pid !== before?.pid ? now : undefined;
  });
  expect(after.restarts).toBe((before?.restarts ?? 0) + 1);
});

test('the live stream begins with hello and the present status', async () => {
  const stopping = new AbortController();
  const response = await fetch(`${shop.url}/api/events`, { signal: stopping.signal });
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes('event: status') && text.endsWith('\n\n')) break;
  }
  stopping.abort();
  expect(text).toMatch(/^retry: 1000\n\nevent: hello\ndata: \{"version"/);
  seen.push({ operationId: 'events', status: response.status });
});

test('every operation of openapi.json was held against the running server', () => {
  expect(
    allOperations().filter((operation) => !seen.some(({ operationId }) => operationId === operation)),
  ).toEqual([]);
});

async function count(): Promise<number> {
  const { body } = await call<StatusView>('GET', '/api/status');
  return Object.values(body.orders).reduce((sum, n) => sum + n, 0);
}

/** fetch does not let a Host header be set. */
function rawStatus(path: string, headers: Record<string, string>, port = shop.port): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`http://127.0.0.1:${port}${path}`, { headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', reject);
    request.end();
  });
}
