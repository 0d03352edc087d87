/** The four searches over HTTP: what they find, in which order, and how it arrives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalogue } from '../catalogue/catalogue.ts';
import { type Reply, type ServiceUnderTest, serviceUnderTest } from '../testing/service.fixture.ts';

const SOURCES = ['products', 'history', 'recommendations', 'partner'] as const;
type Source = (typeof SOURCES)[number];

const itemSchema = z.strictObject({
  productId: z.string(),
  name: z.string(),
  category: z.string(),
  priceCents: z.number().int().positive(),
  relevance: z.number().min(0).max(1),
});
const linesSchema = z.array(
  z.union([z.strictObject({ items: z.array(itemSchema) }), z.strictObject({ done: z.literal(true) })]),
);
type Item = z.infer<typeof itemSchema>;

const services = new Map<Source, ServiceUnderTest>();
beforeAll(async () => {
  for (const name of SOURCES) services.set(name, await serviceUnderTest(name));
});
afterAll(async () => {
  for (const service of services.values()) await service[Symbol.asyncDispose]();
});

function service(name: Source): ServiceUnderTest {
  const found = services.get(name);
  if (found === undefined) throw new RangeError(name);
  return found;
}

async function search(source: Source, query: Readonly<Record<string, string>>): Promise<readonly Item[]> {
  const reply: Reply = await service(source).call('GET', `/search?${new URLSearchParams(query)}`);
  const lines = linesSchema.parse(reply.body);
  expect(lines.at(-1)).toEqual({ done: true });
  return lines.flatMap((line) => ('items' in line ? line.items : []));
}

const world = catalogue(1);

describe('products', () => {
  test.each<[query: string, every: (item: Item) => boolean, atLeast: number]>([
    ['Desk Lamp', ({ name }) => name.endsWith('Desk Lamp'), 20],
    ['desk lam', ({ name }) => name.endsWith('Desk Lamp'), 20],
    ['KÉTTLE', ({ name }) => name.includes('Kettle'), 20],
    ['aurora pro', ({ name }) => name.startsWith('Aurora Pro'), 1],
    ['vinyl', ({ name }) => name.endsWith('Turntable'), 20],
  ])('%j finds what it names first', async (query, every, atLeast) => {
    const found = await search('products', { q: query });
    const right = found.filter(every);
    expect(right.length).toBeGreaterThanOrEqual(atLeast);
    expect(found.slice(0, right.length)).toEqual(right);
  });

  test.each(['zzzz', '"', "' OR 1=1 --", '*', 'AND', '(', 'name:lamp*)'])('%j is only words', async (q) => {
    for (const item of await search('products', { q })) expect(item.relevance).toBeGreaterThan(0);
  });

  test('every item once, best first, as many as asked for', async () => {
    const found = await search('products', { q: 'light', limit: '50' });
    expect(found).toHaveLength(50);
    expect(new Set(found.map(({ productId }) => productId)).size).toBe(50);
    expect(found.map(({ relevance }) => relevance)).toEqual(
      found.map(({ relevance }) => relevance).sort((a, b) => b - a),
    );
    expect(await search('products', { q: 'light', limit: '3' })).toEqual(found.slice(0, 3));
  });

  test('a look-up tells known from unknown', async () => {
    const [first] = world.products;
    const reply = await service('products').call('POST', '/products/lookup', {
      productIds: ['p-00001', 'p-99999', 'p-00001'],
    });
    const { productId, name, category, priceCents } = first ?? {};
    expect(reply.body).toEqual({
      products: [{ productId, name, category, priceCents }],
      unknown: ['p-99999'],
    });
  });

  test.each<[body: object, pointer: string]>([
    [{ productIds: [] }, '/productIds'],
    [{ productIds: Array.from({ length: 51 }, (_, index) => `p-${index}`) }, '/productIds'],
    [{}, '/productIds'],
  ])('a look-up of %o is refused', async (body, pointer) => {
    const reply = await service('products').call('POST', '/products/lookup', body);
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  test('the popular ones first', async () => {
    const reply = await service('products').call('GET', '/products?limit=5');
    const best = world.products.toSorted(
      (a, b) => b.popularity - a.popularity || (a.productId < b.productId ? -1 : 1),
    );
    const expected = best
      .slice(0, 5)
      .map(({ productId, name, category, priceCents }) => ({ productId, name, category, priceCents }));
    expect(reply.body).toEqual({ products: expected });
  });
});

describe('history', () => {
  const [past] = world.pastOrders;
  const customerId = past?.customerId ?? '';
  const bought = new Set(
    world.pastOrders
      .filter((order) => order.customerId === customerId)
      .flatMap(({ lines }) => lines.map(({ productId }) => productId)),
  );

  test('finds only what this customer bought', async () => {
    const name = world.products.find(({ productId }) => bought.has(productId))?.name ?? '';
    const found = await search('history', { q: name, customerId, limit: '50' });
    expect(found[0]?.name).toBe(name);
    for (const { productId } of found) expect(bought).toContain(productId);
    expect(await search('history', { q: name })).toEqual([]);
  });

  test('an order told again replaces what was told before, once', async () => {
    const order = {
      orderId: 'o-1',
      customerId,
      totalCents: 10,
      lines: [{ productId: 'p-00001', quantity: 1 }],
    };
    const tell = async (totalCents: number, key: string): Promise<string> =>
      (await service('history').post('/orders', { ...order, totalCents }, key)).outcome;
    expect([await tell(10, 'a'), await tell(10, 'a'), await tell(20, 'b')]).toEqual([
      '201 recorded',
      '201 recorded',
      '200 recorded',
    ]);
    const reply = await service('history').call('GET', `/orders?customerId=${customerId}&limit=2`);
    const known = world.pastOrders
      .filter((each) => each.customerId === customerId)
      .sort((a, b) => b.atMs - a.atMs)[0];
    const sorted = { ...known, lines: known?.lines.toSorted((a, b) => (a.productId < b.productId ? -1 : 1)) };
    expect(reply.body).toEqual({ orders: [{ ...order, totalCents: 20, atMs: expect.any(Number) }, sorted] });
    const name = world.products[0]?.name ?? '';
    expect((await search('history', { q: name, customerId })).map(({ productId }) => productId)).toContain(
      'p-00001',
    );
  });
});

describe('recommendations', () => {
  test('learn from what is bought together, once per event', async () => {
    const [a, b] = [world.products[0], world.products[1]];
    const order = { orderId: 'o-1', customerId: 'c-001', totalCents: 1 };
    const lines = [
      { productId: a?.productId, quantity: 1, priceCents: 1 },
      { productId: b?.productId, quantity: 2 },
    ];
    const event = {
      eventId: 'e-1',
      type: 'order-confirmed',
      correlationId: 'corr',
      order: { ...order, lines },
    };
    const query = { q: a?.name ?? '', customerId: 'c-400', limit: '50' };
    const scoreOfB = async (): Promise<number> =>
      (await search('recommendations', query)).find(({ productId }) => productId === b?.productId)
        ?.relevance ?? 0;
    const tell = async (eventId: string, type = 'order-confirmed'): Promise<string> =>
      (await service('recommendations').call('POST', '/events', { ...event, eventId, type })).outcome;
    const before = await scoreOfB();
    expect(await tell('e-1')).toBe('201 learned');
    const once = await scoreOfB();
    expect(once).toBeGreaterThan(before);
    expect([await tell('e-1'), await tell('e-2', 'order-undone')]).toEqual(['200 known', '200 known']);
    expect(await scoreOfB()).toBe(once);
    expect(await tell('e-3')).toBe('201 learned');
    expect(await scoreOfB()).toBeGreaterThan(once);
  });

  test('answer a customer and nobody in particular', async () => {
    const named = await search('recommendations', { q: 'lamp', customerId: 'c-001' });
    const anyone = await search('recommendations', { q: 'lamp' });
    expect([named.length > 0, anyone.length > 0]).toEqual([true, true]);
  });
});

test('the partner sells some of our products at its own price, and some of its own', async () => {
  const found = await search('partner', { q: 'lamp', limit: '50' });
  const ours = new Map(world.products.map((product) => [product.productId, product]));
  const shared = found.filter(({ productId }) => ours.has(productId));
  expect(shared.length).toBeGreaterThan(5);
  expect(found.filter(({ productId }) => productId.startsWith('x-')).length).toBe(
    found.length - shared.length,
  );
  expect(found.length).toBeGreaterThan(shared.length);
  for (const { productId, name } of shared) expect(name).toBe(ours.get(productId)?.name);
  expect(shared.some(({ productId, priceCents }) => priceCents !== ours.get(productId)?.priceCents)).toBe(
    true,
  );
});

test('the best half comes first, then the rest, then the end', async () => {
  const lines = linesSchema.parse((await service('products').call('GET', '/search?q=lamp&limit=5')).body);
  expect(lines.map((line) => ('items' in line ? line.items.length : 'done'))).toEqual([3, 2, 'done']);
});

test('what is streamed before the end has its time: the first half at 60 % of the latency', async () => {
  await using slow = await serviceUnderTest('products', { latencyScale: 1 });
  const startedAt = performance.now();
  const arrivals: number[] = [];
  const response = await fetch(`${slow.url}/search?q=lamp&limit=10`);
  for await (const _chunk of response.body ?? []) arrivals.push(performance.now() - startedAt);
  const [first = 0] = arrivals;
  const last = arrivals.at(-1) ?? 0;
  expect(first).toBeGreaterThan(50);
  expect(last - first).toBeGreaterThan(20);
});

test.each(SOURCES)('%s refuses a search without words', async (source) => {
  const reply = await service(source).call('GET', '/search?customerId=c-001');
  expect(reply).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/query/q', detail: 'is missing' }] },
  });
});
