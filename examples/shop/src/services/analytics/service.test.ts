import { expect, test } from 'vitest';
import { products } from '../catalogue/catalogue.ts';
import { serviceUnderTest } from '../testing/service.fixture.ts';

const HOUR_MS = 3_600_000;
const [first] = products(1);
const event = (eventId: string, totalCents: number, type = 'order-confirmed'): object => ({
  eventId,
  type,
  correlationId: 'corr',
  order: {
    orderId: `o-${eventId}`,
    customerId: 'c-001',
    totalCents,
    lines: [
      { productId: first?.productId, quantity: 2 },
      { productId: 'x-00001', quantity: 1, priceCents: 300 },
    ],
  },
});

test('counts each event once, under whichever key it comes, by category and hour', async () => {
  let nowMs = 10 * HOUR_MS;
  await using analytics = await serviceUnderTest('analytics', { now: () => nowMs });
  const tell = async (body: object, key: string): Promise<string> =>
    (await analytics.post('/events', body, key)).outcome;
  const outcomes = [
    await tell(event('a', 1_000), 'k1'),
    await tell(event('a', 1_000), 'k1'),
    await tell(event('a', 1_000), 'k2'),
  ];
  expect(outcomes).toEqual(['201 counted', '201 counted', '200 known']);
  nowMs += 2 * HOUR_MS + 5;
  expect(await tell(event('b', 500), 'k3')).toBe('201 counted');
  expect(await tell(event('c', 700, 'order-undone'), 'k4')).toBe('201 counted');
  const ours = 4 * (first?.priceCents ?? 0);
  const byCategory = [
    { category: first?.category, units: 4, revenueCents: ours },
    { category: 'Other', units: 2, revenueCents: 600 },
  ];
  expect((await analytics.call('GET', '/summary')).body).toEqual({
    orders: { confirmed: 2, undone: 1 },
    revenueCents: 1_500,
    byCategory: byCategory.sort((a, b) => b.revenueCents - a.revenueCents),
    byHour: [
      { hourStartMs: 10 * HOUR_MS, orders: 1, revenueCents: 1_000 },
      { hourStartMs: 12 * HOUR_MS, orders: 1, revenueCents: 500 },
    ],
  });
});

test('the same key with another event is refused', async () => {
  await using analytics = await serviceUnderTest('analytics');
  await analytics.post('/events', event('a', 1), 'k');
  expect((await analytics.post('/events', event('b', 1), 'k')).outcome).toBe('422 idempotency-key-reused');
});

test('a summary shows the latest 48 hours with orders', async () => {
  let nowMs = 0;
  await using analytics = await serviceUnderTest('analytics', { now: () => nowMs });
  for (let hour = 0; hour < 50; hour += 1) {
    nowMs = hour * HOUR_MS;
    await analytics.post('/events', event(`e-${hour}`, 1), `k-${hour}`);
  }
  const { body } = await analytics.call('GET', '/summary');
  const byHour = Array.from({ length: 48 }, (_, index) => ({
    hourStartMs: (index + 2) * HOUR_MS,
    orders: 1,
    revenueCents: 1,
  }));
  expect(body).toMatchObject({ orders: { confirmed: 50 }, byHour });
});
