/** Payment: holds a customer's money for an order, then takes it or gives it back. */
import { z } from 'zod';
import { customers } from '../catalogue/catalogue.ts';
import { jsonBody, noBody, pathPart } from '../kit/body.ts';
import { amountField, customerIdField, orderIdField } from '../kit/fields.ts';
import { ProblemError } from '../kit/problems.ts';
import type { Answer, Delivered, ServiceDefinition } from '../kit/service.ts';
import { decide, type PaymentCommand } from './machine.ts';
import { PAYMENT_SCHEMA, type PaymentStore, paymentStore, type Reservation } from './store.ts';

const reserveSchema = z.strictObject({
  orderId: orderIdField,
  customerId: customerIdField,
  amountCents: amountField,
});
type ReserveRequest = z.infer<typeof reserveSchema>;

export const payment: ServiceDefinition = {
  name: 'payment',
  tier: 'critical',
  schema: PAYMENT_SCHEMA,
  fill: (database, seed) => {
    const insert = database.prepare('INSERT INTO customers VALUES (?, ?, ?, ?)');
    for (const { customerId, name, balanceCents } of customers(seed))
      insert.run(customerId, name, balanceCents, balanceCents);
  },
  routes: (app, { database, chaos, mutate }) => {
    const store = paymentStore(database);
    app.post('/reservations', async (request) => {
      const body = await jsonBody(request, reserveSchema);
      return await mutate(request, 'payment', body, (asked, delivered) =>
        reserve(store, asked, delivered, chaos.declines),
      );
    });
    for (const command of ['capture', 'release'] as const) {
      app.post(`/reservations/:orderId/${command}`, async (request) => {
        const orderId = pathPart(request, 'orderId', orderIdField);
        await noBody(request);
        return await mutate(request, 'payment', { orderId }, (_, delivered) =>
          settle(store, orderId, command, delivered),
        );
      });
    }
  },
};

function reserve(
  store: PaymentStore,
  asked: ReserveRequest,
  delivered: Delivered,
  declines: (orderId: string) => boolean,
): Answer {
  const { orderId, customerId, amountCents } = asked;
  const balance = store.balanceCents(customerId);
  if (balance === undefined) {
    throw new ProblemError('unknown-customer', `there is no customer "${customerId}"; nothing was changed`, [
      { pointer: '/customerId', detail: `"${customerId}" is not a customer` },
    ]);
  }
  const known = reservationOf(store, orderId);
  const decision = decide(known.state, 'reserve');
  switch (decision.kind) {
    case 'refuse':
      return refuse(orderId, 'reserve', decision.code);
    case 'repeat':
      return known.customerId === customerId && known.amountCents === amountCents
        ? { status: 200, body: asBody(known) }
        : conflict(known, asked);
    case 'move': {
      if (declines(orderId)) return decline(orderId, 'the bank refused it (chaos)');
      if (balance < amountCents) {
        return decline(orderId, `${customerId} has ${balance} cents, ${amountCents} are needed`);
      }
      const next = { orderId, customerId, amountCents, state: decision.to };
      store.move(next, decision.movement, delivered);
      return { status: 201, body: asBody(next) };
    }
  }
}

function settle(
  store: PaymentStore,
  orderId: string,
  command: 'capture' | 'release',
  delivered: Delivered,
): Answer {
  const known = reservationOf(store, orderId);
  const decision = decide(known.state, command);
  switch (decision.kind) {
    case 'refuse':
      return refuse(orderId, command, decision.code);
    case 'repeat':
      return { status: 200, body: asBody(known) };
    case 'entomb':
      store.entomb(orderId, delivered);
      return { status: 200, body: asBody({ ...known, state: decision.to }) };
    case 'move': {
      const { customerId } = known;
      if (customerId === undefined) {
        throw new RangeError(`order ${orderId} is ${known.state} but names no customer`);
      }
      const next = { ...known, customerId, state: decision.to };
      store.move(next, decision.movement, delivered);
      return { status: 200, body: asBody(next) };
    }
  }
}

function reservationOf(store: PaymentStore, orderId: string): Reservation {
  return store.find(orderId) ?? { orderId, customerId: undefined, amountCents: 0, state: 'absent' };
}

function conflict(known: Reservation, asked: ReserveRequest): Answer {
  const holds = `order ${known.orderId} already holds ${known.amountCents} cents of ${known.customerId}`;
  const detail = `${holds}, not ${asked.amountCents} of ${asked.customerId}; release it first`;
  return { refusal: { code: 'order-conflict', detail } };
}

function asBody({ orderId, state, amountCents }: Reservation): object {
  return { orderId, state, amountCents };
}

function decline(orderId: string, why: string): Answer {
  return {
    refusal: {
      code: 'payment-declined',
      detail: `payment for order ${orderId} is declined: ${why}. No money moved`,
    },
  };
}

const WHY = {
  'already-released': 'the order was undone, for good',
  'already-captured': 'the money was already taken',
  'reservation-unknown': 'no money was ever reserved for it',
} as const;

function refuse(orderId: string, command: PaymentCommand, code: keyof typeof WHY): Answer {
  return { refusal: { code, detail: `cannot ${command} order ${orderId}: ${WHY[code]}. No money moved` } };
}
