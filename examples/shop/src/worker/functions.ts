/**
 * The saga's steps as Lambda functions: each calls one service through its guards, with the saga's
 * idempotency key, so that any number of deliveries has one effect. On AWS the same handlers would
 * be deployed under the same names.
 */
import type { Correlation } from '@holdfast/core';
import { z } from 'zod';
import type { ServiceClient } from '../guarded/http.ts';
import type { ServiceName } from '../supervisor/topology.ts';

/** What the definition gives to every step. */
export const stepInputSchema = z.object({
  order: z.object({
    orderId: z.string(),
    customerId: z.string(),
    totalCents: z.number().int().nonnegative(),
    lines: z.array(
      z.object({
        productId: z.string(),
        quantity: z.number().int().positive(),
        priceCents: z.number().int().nonnegative(),
      }),
    ),
  }),
  correlation: z.object({ id: z.string(), traceparent: z.string().optional() }),
  idempotencyKey: z.string(),
});

export type StepInput = z.infer<typeof stepInputSchema>;
type Order = StepInput['order'];

interface Step {
  readonly service: ServiceName;
  readonly path: (order: Order) => string;
  readonly body: (order: Order, input: StepInput) => object;
}

const goods = ({ orderId, lines }: Order): object => ({
  orderId,
  lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
});
const nothing = (): object => ({});
const event = (order: Order, { idempotencyKey, correlation }: StepInput): object => ({
  ...{ eventId: idempotencyKey, type: 'order-confirmed', correlationId: correlation.id },
  order,
});

const PREFIX = 'holdfast-shop-';
const STEPS: Readonly<Record<string, readonly Step[]>> = {
  'reserve-payment': [
    {
      service: 'payment',
      path: () => '/reservations',
      body: ({ orderId, customerId, totalCents }) => ({ orderId, customerId, amountCents: totalCents }),
    },
  ],
  'confirm-order': [
    { service: 'payment', path: ({ orderId }) => `/reservations/${orderId}/capture`, body: nothing },
  ],
  'release-payment': [
    { service: 'payment', path: ({ orderId }) => `/reservations/${orderId}/release`, body: nothing },
  ],
  'reserve-inventory': [{ service: 'inventory', path: () => '/reservations', body: goods }],
  'release-inventory': [
    { service: 'inventory', path: ({ orderId }) => `/reservations/${orderId}/release`, body: nothing },
  ],
  'create-shipping': [
    {
      service: 'shipping',
      path: () => '/shipments',
      body: (order) => ({ ...goods(order), customerId: order.customerId }),
    },
  ],
  'cancel-shipping': [
    { service: 'shipping', path: ({ orderId }) => `/shipments/${orderId}/cancel`, body: nothing },
  ],
  'record-history': [
    {
      service: 'history',
      path: () => '/orders',
      body: (order) => ({ ...goods(order), customerId: order.customerId, totalCents: order.totalCents }),
    },
  ],
  'record-analytics': [{ service: 'analytics', path: () => '/events', body: event }],
  'tell-recommendations': [{ service: 'recommendations', path: () => '/events', body: event }],
};

const answerSchema = z.looseObject({ state: z.string().optional() });

export type StepFunction = (input: StepInput, signal: AbortSignal) => Promise<{ readonly state: string }>;

/** Every function by its Lambda name. */
export function stepFunctions(client: ServiceClient): ReadonlyMap<string, StepFunction> {
  return new Map(
    Object.entries(STEPS).map(([name, steps]) => [`${PREFIX}${name}`, stepFunction(steps, client)]),
  );
}

function stepFunction(steps: readonly Step[], client: ServiceClient): StepFunction {
  return async (input, signal) => {
    const correlation: Correlation = { id: input.correlation.id };
    const answers = await Promise.all(
      steps.map(({ service, path, body }) =>
        client.json(
          service,
          {
            method: 'POST',
            path: path(input.order),
            body: body(input.order, input),
            idempotencyKey: input.idempotencyKey,
          },
          answerSchema,
          { signal, correlation },
        ),
      ),
    );
    return { state: answers.map((answer) => answer.state ?? 'done').join('+') };
  };
}
