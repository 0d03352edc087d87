/** What a service can say instead of doing what was asked, as RFC 9457 problem documents. */
import type { Problem } from '@holdfast/dashboard/contract';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Every problem by code: the status and title never change for a code, only the detail does. */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'idempotency-key-missing': { status: 400, title: 'The Idempotency-Key header is missing or not valid' },
  'payment-declined': { status: 402, title: 'The payment is declined' },
  'foreign-request': { status: 403, title: 'Foreign request refused' },
  'route-unknown': { status: 404, title: 'There is nothing here' },
  'chaos-disabled': { status: 404, title: 'Chaos is off' },
  'reservation-unknown': { status: 404, title: 'There is no such reservation' },
  'already-released': { status: 409, title: 'The order was already undone' },
  'already-captured': { status: 409, title: 'The order was already paid' },
  'order-conflict': { status: 409, title: 'The order is already known with other contents' },
  'insufficient-stock': { status: 409, title: 'Not enough in stock' },
  'delivery-unavailable': { status: 409, title: 'Delivery is unavailable' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-content-type': { status: 415, title: 'The body has the wrong content type' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'unknown-customer': { status: 422, title: 'There is no such customer' },
  'unknown-product': { status: 422, title: 'There is no such product' },
  'internal-error': { status: 500, title: 'The service failed' },
  'chaos-unavailable': { status: 503, title: 'Unavailable by chaos' },
  'store-unavailable': { status: 503, title: 'The store is unavailable' },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field at fault, by JSON Pointer (RFC 6901) into the body, or `/query/…`, `/headers/…`. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** A refusal before it is tied to a request. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** Thrown to refuse a request; rolls back the transaction it is thrown in. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly refusal: Refusal;

  constructor(code: ProblemCode, detail: string, errors?: readonly FieldError[]) {
    super(detail);
    this.refusal = { code, detail, ...(errors === undefined ? {} : { errors }) };
  }
}

/** The problem document that tells `refusal` to the caller of one request. */
export function problemDocument(refusal: Refusal, correlationId: string): Problem {
  const { status, title } = PROBLEMS[refusal.code];
  return {
    type: `urn:holdfast:shop:${refusal.code}`,
    title,
    status,
    detail: refusal.detail,
    code: refusal.code,
    correlationId,
    ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
  };
}
