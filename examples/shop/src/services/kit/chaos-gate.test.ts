import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ChaosSettings } from '@holdfast/dashboard/contract';
import { openTraceStore } from '@holdfast/telemetry';
import { describe, expect, test } from 'vitest';
import type { ServiceName } from '../registry.ts';
import { fresh, type Reply, type ServiceUnderTest, serviceUnderTest } from '../testing/service.fixture.ts';
import { chaosControl, NO_CHAOS } from './chaos.ts';

const broken = async (name: ServiceName, settings: Partial<ChaosSettings>): Promise<ServiceUnderTest> => {
  const service = await serviceUnderTest(name, { chaos: true });
  expect((await service.call('PUT', '/chaos', { ...NO_CHAOS, ...settings })).body).toEqual({
    ...NO_CHAOS,
    ...settings,
  });
  return service;
};
const reserve = (payment: ServiceUnderTest, orderId: string, key = fresh('key')): Promise<Reply> =>
  payment.post('/reservations', { orderId, customerId: 'c-001', amountCents: 5 }, key);

function ledger({ dataFolder }: ServiceUnderTest): unknown[] {
  using database = new DatabaseSync(join(dataFolder, 'payment.sqlite'), { readOnly: true });
  return database
    .prepare('SELECT order_id, kind FROM ledger ORDER BY id')
    .all()
    .map((row) => `${row['kind']} ${row['order_id']}`);
}

describe('decisions', () => {
  test('the same seed gives the same fates, and a change of settings shifts no later draw', () => {
    const [calm, wild] = [chaosControl(1, 'payment'), chaosControl(1, 'payment')];
    for (const chaos of [calm, wild]) chaos.change({ ...NO_CHAOS, errorRatio: 0.5, lostAnswerRatio: 0.5 });
    const first = Array.from({ length: 20 }, () => calm.nextFate());
    wild.change(NO_CHAOS);
    for (let n = 0; n < 10; n += 1)
      expect(wild.nextFate()).toMatchObject({ fails: false, losesAnswer: false });
    wild.change({ ...NO_CHAOS, errorRatio: 0.5, lostAnswerRatio: 0.5 });
    expect(Array.from({ length: 10 }, () => wild.nextFate())).toEqual(first.slice(10));
    expect(new Set(first.map(({ fails }) => fails))).toEqual(new Set([true, false]));
  });

  test.each([0, 0.15, 0.5, 1])(
    'about %f of the orders are declined, each always alike, other services decline others',
    (declineRatio) => {
      const chaos = chaosControl(1, 'inventory');
      chaos.change({ ...NO_CHAOS, declineRatio });
      const orders = Array.from({ length: 2_000 }, (_, index) => `o-${index}`);
      const declined = orders.filter(chaos.declines);
      expect(Math.abs(declined.length / orders.length - declineRatio)).toBeLessThan(0.03);
      expect(orders.filter(chaos.declines)).toEqual(declined);
      const other = chaosControl(1, 'payment');
      other.change({ ...NO_CHAOS, declineRatio });
      if (declineRatio > 0 && declineRatio < 1) expect(orders.filter(other.declines)).not.toEqual(declined);
    },
  );
});

test('errors come before any effect', async () => {
  await using payment = await broken('payment', { errorRatio: 1 });
  expect((await reserve(payment, 'o-1')).outcome).toBe('503 chaos-unavailable');
  expect(ledger(payment)).toEqual([]);
  expect((await payment.call('GET', '/health')).status).toBe(200);
});

test('a lost answer has its effect, once over all repeats', async () => {
  await using payment = await broken('payment', { lostAnswerRatio: 1 });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(reserve(payment, 'o-1', 'k')).rejects.toThrow('fetch failed');
  }
  await payment.call('PUT', '/chaos', NO_CHAOS);
  const reply = await reserve(payment, 'o-1', 'k');
  expect([reply.outcome, reply.headers.get('idempotent-replayed')]).toEqual(['201 reserved', 'true']);
  expect(ledger(payment)).toEqual(['reserve o-1']);
  const lost = payment
    .log()
    .filter(({ msg, path, answered }) => msg === 'request' && path === '/reservations' && answered === false);
  expect(lost).toHaveLength(3);
});

test.each<[service: ServiceName, path: string, body: object, undo: string, code: string]>([
  [
    'payment',
    '/reservations',
    { customerId: 'c-001', amountCents: 5 },
    '/reservations/o-1/release',
    '402 payment-declined',
  ],
  [
    'inventory',
    '/reservations',
    { lines: [{ productId: 'p-00001', quantity: 1 }] },
    '/reservations/o-1/release',
    '409 insufficient-stock',
  ],
  [
    'shipping',
    '/shipments',
    { customerId: 'c-001', lines: [{ productId: 'p-00001', quantity: 1 }] },
    '/shipments/o-1/cancel',
    '409 delivery-unavailable',
  ],
])('%s declines for a business reason, and never an undo', async (service, path, body, undo, code) => {
  await using it = await broken(service, { declineRatio: 1 });
  expect((await it.post(path, { orderId: 'o-1', ...body }, 'a')).outcome).toBe(code);
  expect((await it.post(path, { orderId: 'o-1', ...body }, 'b')).outcome).toBe(code);
  expect((await it.post(undo, {}, 'c')).status).toBe(200);
});

test('a hanging service answers nobody until it is released; a caller that left has no effect', async () => {
  await using payment = await broken('payment', { hang: true });
  const leaving = fetch(`${payment.url}/reservations`, {
    method: 'POST',
    signal: AbortSignal.timeout(300),
    body: JSON.stringify({ orderId: 'o-1', customerId: 'c-001', amountCents: 5 }),
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
  });
  await expect(leaving).rejects.toThrow('timeout');
  const waiting = reserve(payment, 'o-2');
  const first = await Promise.race([waiting, payment.call('GET', '/health')]);
  expect(first.body).toMatchObject({ ok: true });
  await payment.call('PUT', '/chaos', NO_CHAOS);
  expect((await waiting).outcome).toBe('201 reserved');
  expect(ledger(payment)).toEqual(['reserve o-2']);
});

test('a lost answer is a failed span; a caller that left is not', async () => {
  await using payment = await broken('payment', { lostAnswerRatio: 1 });
  await expect(reserve(payment, 'o-1')).rejects.toThrow('fetch failed');
  await payment.call('PUT', '/chaos', { ...NO_CHAOS, hang: true });
  const leaving = fetch(`${payment.url}/nothing`, { signal: AbortSignal.timeout(300) });
  await expect(leaving).rejects.toThrow('timeout');
  await expect.poll(() => payment.log().length).toBe(4);
  await payment.close();
  using traces = openTraceStore(payment.tracesFile);
  const spans = traces
    .recent({ limit: 10 })
    .flatMap(({ traceId }) => traces.trace(traceId))
    .map(({ name, error, attributes }) => [name, attributes['answered'], error?.message]);
  expect(spans).toHaveLength(4);
  expect(spans).toContainEqual(['POST /reservations', false, 'the answer was lost']);
  expect(spans).toContainEqual(['GET (no route)', false, undefined]);
  expect(spans).toContainEqual(['PUT /chaos', true, undefined]);
});

test('extra latency is added to every answer', async () => {
  await using payment = await broken('payment', { extraLatencyMs: 120 });
  const startedAt = performance.now();
  expect((await reserve(payment, 'o-1')).outcome).toBe('201 reserved');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119);
});

test('a crash is answered first', async () => {
  await using payment = await broken('payment', {});
  expect((await payment.call('POST', '/chaos/crash')).outcome).toBe('202 crashing');
  await expect.poll(() => payment.crashes).toBe(1);
});

test('settings out of bounds are refused and change nothing', async () => {
  await using payment = await broken('payment', { errorRatio: 0.5 });
  const reply = await payment.call('PUT', '/chaos', { ...NO_CHAOS, extraLatencyMs: 10_001 });
  expect(reply).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/extraLatencyMs', detail: 'must be at most 10000, but is 10001' }] },
  });
  expect((await payment.call('GET', '/chaos')).body).toEqual({ ...NO_CHAOS, errorRatio: 0.5 });
});
