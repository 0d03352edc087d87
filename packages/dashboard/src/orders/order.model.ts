/** An order's words. Pure. */
import type { OrderView } from '../contract.ts';
import { duration, stateWords } from '../kit/format.model.ts';

export function goodsOf({ lines }: Pick<OrderView, 'lines'>): string {
  const [first] = lines;
  if (first === undefined) return 'nothing';
  const more = lines.length > 1 ? ` and ${lines.length - 1} more` : '';
  return `${first.quantity} × ${first.name}${more}`;
}

/** What an order has come to, or what it is doing. */
export function storyOf(order: OrderView, nowMs: number): string {
  const took = duration(Math.max(0, (order.endedAtMs ?? nowMs) - order.acceptedAtMs));
  switch (order.status) {
    case 'running':
      return `Under way for ${took}`;
    case 'undoing':
      return `Being undone, ${took} after it was placed`;
    case 'confirmed':
      return `Confirmed after ${took}`;
    case 'undone':
      return `Fully undone after ${took}`;
    case 'stuck':
      return `Stuck after ${took}; nothing more happens by itself`;
  }
}

/** The shop says `ReserveInventory: InsufficientStock. …`; a person reads "Reserve inventory". */
export function reasonWords(reason: string): string {
  const colon = reason.indexOf(': ');
  return colon < 0 ? reason : `${stateWords(reason.slice(0, colon))}: ${reason.slice(colon + 2)}`;
}
