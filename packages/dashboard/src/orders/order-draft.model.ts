/** What somebody is about to order, and which fields of the form can show a fault. Pure. */
import type { OrderRequest } from '../contract.ts';

export interface LineDraft {
  readonly productId: string;
  /** As typed: the shop decides what is valid, so that page and API can never disagree. */
  readonly quantity: string;
}

export interface OrderDraft {
  readonly customerId: string;
  readonly lines: readonly LineDraft[];
}

/** The shop takes at most so many lines. */
export const MAX_LINES = 20;

export function requestOf(draft: OrderDraft): OrderRequest {
  return {
    customerId: draft.customerId,
    lines: draft.lines.map(({ productId, quantity }) => ({ productId, quantity: numberOf(quantity) })),
  };
}

/** JSON pointers of the form's fields, in the order in which they stand. */
export function fieldsOf(draft: OrderDraft): readonly string[] {
  return [
    '/customerId',
    ...draft.lines.flatMap((_, index) => [`/lines/${index}/productId`, `/lines/${index}/quantity`]),
  ];
}

export function withLine(draft: OrderDraft, index: number, change: Partial<LineDraft>): OrderDraft {
  return {
    ...draft,
    lines: draft.lines.map((line, place) => (place === index ? { ...line, ...change } : line)),
  };
}

export function withoutLine(draft: OrderDraft, index: number): OrderDraft {
  return { ...draft, lines: draft.lines.filter((_, place) => place !== index) };
}

/** An empty field is no number, which JSON says as null; the shop then names the field. */
export function numberOf(typed: string): number {
  return typed.trim() === '' ? Number.NaN : Number(typed);
}
