/**
 * Taking an order: check it, price it, write it down, start its saga. Everything before the row is
 * written changes nothing; once it is written the order will be confirmed or undone, whatever dies.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { OrderView } from '@holdfast/dashboard/contract';
import type { Scope, Telemetry } from '@holdfast/telemetry';
import { z } from 'zod';
import { ProblemError, valid } from '../problems.ts';
import type { Catalogue } from './catalogue.ts';
import type { SagaClient } from './engine-client.ts';
import type { TrackedOrder } from './projection.ts';
import type { OrderStore, Repeated } from './store.ts';

export const MAX_LINES = 20;
export const MAX_QUANTITY = 100;

const orderSchema = z.strictObject({
  customerId: z.string().min(1).max(40),
  lines: z
    .array(
      z.strictObject({
        productId: z.string().min(1).max(40),
        quantity: z.number().int().min(1).max(MAX_QUANTITY),
      }),
    )
    .min(1)
    .max(MAX_LINES),
});
const keySchema = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters');

export interface AcceptParts {
  readonly store: OrderStore;
  readonly catalogue: Catalogue;
  readonly saga: SagaClient;
  readonly telemetry: Telemetry;
  readonly onAccepted: (order: OrderView) => void;
}

export interface Accepted {
  readonly order: OrderView;
  readonly replayed: boolean;
}

export async function acceptOrder(
  parts: AcceptParts,
  body: unknown,
  key: string | undefined,
  scope: Scope,
): Promise<Accepted> {
  const idempotencyKey = key === undefined ? `auto-${randomUUID()}` : checkKey(key);
  const request = valid(orderSchema, body, 'body');
  const { customerId, lines } = request;
  const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  // Before anything that may fail: an order that stands must never be answered as if it did not.
  const before = parts.store.before(idempotencyKey, requestHash);
  if (before !== undefined) return repeated(before, idempotencyKey);
  refuseRepeats(lines);
  if (!parts.catalogue.hasCustomer(customerId))
    throw unknownField('/customerId', `there is no customer ${JSON.stringify(customerId)}`);
  const products = await parts.catalogue.products(lines.map((line) => line.productId));
  const priced = lines.map((line, index) => {
    const product = products.get(line.productId);
    if (product === undefined)
      throw unknownField(
        `/lines/${index}/productId`,
        `there is no product ${JSON.stringify(line.productId)}`,
      );
    return { ...line, name: product.name, priceCents: product.priceCents };
  });
  const view: OrderView = {
    ...{ orderId: `o-${randomUUID()}`, status: 'running', customerId, lines: priced },
    totalCents: priced.reduce((sum, line) => sum + line.priceCents * line.quantity, 0),
    ...{ correlationId: scope.correlation.id, acceptedAtMs: Date.now(), steps: [] },
  };
  const traceparent = scope.headers()['traceparent'];
  const result = parts.store.accept({
    tracked: { view, lastEventId: 0, owners: {} },
    idempotencyKey,
    requestHash,
    traceparent,
  });
  if (result.kind !== 'accepted') return repeated(result, idempotencyKey);
  parts.onAccepted(view);
  await startSaga(parts, { view, lastEventId: 0, owners: {} }, traceparent).catch((error: unknown) => {
    // The order stands; the outbox starts it as soon as the engine answers.
    parts.telemetry.log.warn({ err: error, orderId: view.orderId }, 'saga not started yet');
  });
  return { order: view, replayed: false };
}

/** The answer to a key that was used before. @throws ProblemError 422 when it was for another order. */
function repeated(result: Repeated, idempotencyKey: string): Accepted {
  if (result.kind === 'replayed') return { order: result.order.view, replayed: true };
  throw new ProblemError({
    ...{ status: 422, code: 'HF_SHOP_KEY_REUSED', title: 'Idempotency key reused' },
    detail: `the Idempotency-Key ${JSON.stringify(idempotencyKey)} was used for another order; the first one stands, this one changed nothing`,
    errors: [{ pointer: '/headers/idempotency-key', detail: 'must be new for a new body' }],
  });
}

/** Idempotent. The input holds all that the steps need, also on an engine that does not forward headers. */
export async function startSaga(
  { saga, store }: Pick<AcceptParts, 'saga' | 'store'>,
  { view }: TrackedOrder,
  traceparent: string | undefined,
): Promise<void> {
  const { orderId, customerId, totalCents, correlationId } = view;
  const lines = view.lines.map(({ productId, quantity, priceCents }) => ({
    productId,
    quantity,
    priceCents,
  }));
  const correlation = { id: correlationId, ...(traceparent === undefined ? {} : { traceparent }) };
  const headers = {
    'x-correlation-id': correlationId,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  await saga.start(orderId, { order: { orderId, customerId, totalCents, lines }, correlation }, headers);
  store.markStarted(orderId);
}

function checkKey(key: string): string {
  const parsed = keySchema.safeParse(key);
  if (parsed.success) return key;
  throw new ProblemError({
    ...{ status: 400, code: 'HF_SHOP_INVALID', title: 'The request is not valid' },
    detail: `the Idempotency-Key header must be 1 to 200 visible ASCII characters; it has ${key.length}`,
    errors: [{ pointer: '/headers/idempotency-key', detail: 'must be 1 to 200 visible ASCII characters' }],
  });
}

function refuseRepeats(lines: readonly { productId: string }[]): void {
  const repeated = lines.findIndex(
    (line, index) => lines.findIndex((other) => other.productId === line.productId) < index,
  );
  if (repeated < 0) return;
  const detail = `product ${JSON.stringify(lines[repeated]?.productId)} stands in two lines; use one line with the whole quantity`;
  throw new ProblemError({
    ...{ status: 400, code: 'HF_SHOP_INVALID', title: 'The request is not valid', detail },
    errors: [{ pointer: `/lines/${repeated}/productId`, detail }],
  });
}

function unknownField(pointer: string, detail: string): ProblemError {
  return new ProblemError({
    ...{
      status: 422,
      code: pointer === '/customerId' ? 'HF_SHOP_UNKNOWN_CUSTOMER' : 'HF_SHOP_UNKNOWN_PRODUCT',
    },
    ...{ title: 'The order names something that does not exist', detail, errors: [{ pointer, detail }] },
  });
}
