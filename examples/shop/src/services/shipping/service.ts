/** Shipping: books a delivery for an order and cancels it. */
import { z } from 'zod';
import { customers } from '../catalogue/catalogue.ts';
import { jsonBody, noBody, pathPart } from '../kit/body.ts';
import { customerIdField, linesField, orderIdField, sameLines, summedLines } from '../kit/fields.ts';
import { ProblemError } from '../kit/problems.ts';
import { between, seededRandom } from '../kit/random.ts';
import type { Answer, Delivered, ServiceDefinition } from '../kit/service.ts';
import { decideCreate, decideUndo } from '../kit/undoable.ts';
import { quote } from './quote.ts';
import { SHIPPING_SCHEMA, type Shipment, type ShippingStore, shippingStore } from './store.ts';

const shipSchema = z.strictObject({ orderId: orderIdField, customerId: customerIdField, lines: linesField });
type ShipRequest = z.infer<typeof shipSchema>;

export const shipping: ServiceDefinition = {
  name: 'shipping',
  tier: 'critical',
  schema: SHIPPING_SCHEMA,
  fill: (database, seed) => {
    const random = seededRandom(seed, 'zones');
    const insert = database.prepare('INSERT INTO destinations VALUES (?, ?)');
    for (const { customerId } of customers(seed)) insert.run(customerId, between(random, 1, 4));
  },
  routes: (app, { database, chaos, mutate }) => {
    const store = shippingStore(database);
    app.post('/shipments', async (request) => {
      const body = await jsonBody(request, shipSchema);
      return await mutate(request, 'shipping', body, (asked, delivered) =>
        ship(store, asked, delivered, chaos.declines),
      );
    });
    app.post('/shipments/:orderId/cancel', async (request) => {
      const orderId = pathPart(request, 'orderId', orderIdField);
      await noBody(request);
      return await mutate(request, 'shipping', { orderId }, (_, delivered) =>
        cancel(store, orderId, delivered),
      );
    });
  },
};

function ship(
  store: ShippingStore,
  asked: ShipRequest,
  delivered: Delivered,
  declines: (orderId: string) => boolean,
): Answer {
  const { orderId, customerId } = asked;
  const zone = store.zone(customerId);
  if (zone === undefined) {
    throw new ProblemError('unknown-customer', `there is no customer "${customerId}"; nothing was changed`, [
      { pointer: '/customerId', detail: `"${customerId}" is not a customer` },
    ]);
  }
  const lines = summedLines(asked.lines);
  const state = store.state(orderId);
  const isSame = ({ customerId: booked, lines: goods }: Shipment): boolean =>
    booked === customerId && sameLines(goods, lines);
  switch (decideCreate(state, state === 'active' && isSame(store.shipment(orderId)))) {
    case 'too-late':
      return {
        refusal: {
          code: 'already-released',
          detail: `order ${orderId} was undone, for good; nothing was booked`,
        },
      };
    case 'conflict':
      return {
        refusal: {
          code: 'order-conflict',
          detail: `order ${orderId} is already booked otherwise; cancel it first`,
        },
      };
    case 'repeat':
      return { status: 200, body: asBody(store.shipment(orderId)) };
    case 'apply': {
      if (declines(orderId)) return unavailable(orderId, 'no carrier answered (chaos)');
      const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
      const offer = quote(zone, units);
      if (offer.kind === 'none') return unavailable(orderId, offer.why);
      const shipment = {
        orderId,
        shipmentId: `s-${orderId}`,
        customerId,
        carrier: offer.carrier,
        etaDays: offer.etaDays,
        lines,
      };
      store.book(shipment, delivered);
      return { status: 201, body: asBody(shipment) };
    }
  }
}

function cancel(store: ShippingStore, orderId: string, delivered: Delivered): Answer {
  const decision = decideUndo(store.state(orderId));
  if (decision === 'undo') store.cancel(orderId, delivered);
  else if (decision === 'entomb') store.entomb(orderId, delivered);
  return { status: 200, body: { orderId, state: 'cancelled' } };
}

function asBody({ orderId, shipmentId, carrier, etaDays }: Shipment): object {
  return { orderId, state: 'shipped', shipmentId, carrier, etaDays };
}

function unavailable(orderId: string, why: string): Answer {
  return {
    refusal: {
      code: 'delivery-unavailable',
      detail: `order ${orderId} cannot be delivered: ${why}; nothing was booked`,
    },
  };
}
