/** The fields that the services' requests have in common, with their bounds. */
import { z } from 'zod';

const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

export const orderIdField = id;
export const customerIdField = id;
export const productIdField = id;

/** 0 to 1,000,000,000 cents: ten million euro. */
export const amountField = z.number().int().min(0).max(1_000_000_000);

const lineSchema = z.strictObject({ productId: productIdField, quantity: z.number().int().min(1).max(100) });

/** 1 to 50 lines of 1 to 100 pieces. */
export const linesField = z.array(lineSchema).min(1).max(50);

export type Line = z.infer<typeof lineSchema>;

/** One line a product: an order may name a product twice, the stock moves once. Keeps the order of first mention. */
export function summedLines(lines: readonly Line[]): readonly Line[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines)
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}

/** Whether two lists of one line a product ask for the same goods, in any order. */
export function sameLines(a: readonly Line[], b: readonly Line[]): boolean {
  const wanted = new Map(b.map(({ productId, quantity }) => [productId, quantity]));
  return a.length === b.length && a.every(({ productId, quantity }) => wanted.get(productId) === quantity);
}

/** `q` 1..200 characters, `limit` 1..50 (default 20), optional `customerId`. */
export const searchQuerySchema = z.strictObject({
  q: z.string().trim().min(1).max(200),
  customerId: customerIdField.optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

/** What analytics and recommendations are told of an order. */
export const orderEventSchema = z.strictObject({
  eventId: z.string().regex(/^[\x21-\x7e]{1,200}$/),
  type: z.enum(['order-confirmed', 'order-undone']),
  correlationId: z.string().min(1).max(128).optional(),
  order: z.strictObject({
    orderId: orderIdField,
    customerId: customerIdField,
    totalCents: amountField,
    lines: z
      .array(z.strictObject({ ...lineSchema.shape, priceCents: amountField.optional() }))
      .min(1)
      .max(50),
  }),
});

export type OrderEvent = z.infer<typeof orderEventSchema>;
