import { afterAll, beforeAll, expect, test } from 'vitest';
import { fresh, type Reply, type ServiceUnderTest, serviceUnderTest } from '../testing/service.fixture.ts';
import { quote } from './quote.ts';

let shipping: ServiceUnderTest;
beforeAll(async () => {
  shipping = await serviceUnderTest('shipping');
});
afterAll(() => shipping[Symbol.asyncDispose]());

const ship = (orderId: string, quantity = 1, key = fresh('key')): Promise<Reply> =>
  shipping.post(
    '/shipments',
    { orderId, customerId: 'c-001', lines: [{ productId: 'p-00001', quantity }] },
    key,
  );
const cancel = (orderId: string): Promise<Reply> =>
  shipping.post(`/shipments/${orderId}/cancel`, {}, fresh('key'));

test('books a shipment with a carrier and days to wait', async () => {
  const orderId = fresh('o');
  expect(await ship(orderId)).toMatchObject({
    status: 201,
    body: {
      orderId,
      state: 'shipped',
      shipmentId: `s-${orderId}`,
      carrier: 'Swift Parcel',
      etaDays: expect.any(Number),
    },
  });
});

test.each<[history: string, last: string]>([
  ['ship ship', '200 shipped'],
  ['ship other', '409 order-conflict'],
  ['ship cancel', '200 cancelled'],
  ['ship cancel cancel', '200 cancelled'],
  ['ship cancel ship', '409 already-released'],
  ['cancel ship', '409 already-released'],
  ['cancel cancel', '200 cancelled'],
])('%s ends in %s', async (history, last) => {
  const orderId = fresh('o');
  let reply: Reply | undefined;
  for (const command of history.split(' ')) {
    reply = await (command === 'cancel' ? cancel(orderId) : ship(orderId, command === 'ship' ? 1 : 2));
  }
  expect(reply?.outcome).toBe(last);
});

test('an unknown customer has no address', async () => {
  const body = { orderId: fresh('o'), customerId: 'c-999', lines: [{ productId: 'p-00001', quantity: 1 }] };
  expect(await shipping.post('/shipments', body, 'unknown')).toMatchObject({
    status: 422,
    body: { code: 'unknown-customer' },
  });
});

test('what no carrier takes is a refusal', async () => {
  const lines = Array.from({ length: 21 }, (_, index) => ({ productId: `p-${index}`, quantity: 100 }));
  const reply = await shipping.post(
    '/shipments',
    { orderId: fresh('o'), customerId: 'c-001', lines },
    'too-much',
  );
  expect(reply).toMatchObject({ status: 409, body: { code: 'delivery-unavailable' } });
});

test.each<[zone: number, units: number, carrier: string, etaDays: number]>([
  [1, 1, 'Swift Parcel', 2],
  [4, 10, 'Swift Parcel', 5],
  [1, 11, 'Blue Van', 3],
  [3, 60, 'Blue Van', 6],
  [4, 61, 'Freight North', 11],
  [1, 2_000, 'Freight North', 4],
])('zone %i, %i pieces: %s in %i days', (zone, units, carrier, etaDays) => {
  expect(quote(zone, units)).toEqual({ kind: 'offer', carrier, etaDays });
});

test('2,001 pieces are brought by nobody', () => {
  expect(quote(1, 2_001)).toEqual({ kind: 'none', why: 'no carrier takes 2001 pieces in one shipment' });
});
