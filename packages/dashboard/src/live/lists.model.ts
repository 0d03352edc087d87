/** The bounded, newest-first lists that the page keeps, and which of their entries it shows. Pure. */
import type { OrderView, SearchAnswer } from '../contract.ts';

export const MAX_ORDERS = 200;
export const MAX_SEARCHES = 50;

/** Puts changed orders in place and new ones on top. An order's place never changes once it is listed. */
export function withOrders(
  orders: readonly OrderView[],
  changed: ReadonlyMap<string, OrderView>,
): readonly OrderView[] {
  if (changed.size === 0) return orders;
  const known = new Set(orders.map(({ orderId }) => orderId));
  const oldest = orders.length < MAX_ORDERS ? Number.NEGATIVE_INFINITY : (orders.at(-1)?.acceptedAtMs ?? 0);
  const fresh = [...changed.values()]
    .filter(({ orderId, acceptedAtMs }) => !known.has(orderId) && acceptedAtMs >= oldest)
    .sort((a, b) => b.acceptedAtMs - a.acceptedAtMs);
  return [...fresh, ...orders.map((order) => changed.get(order.orderId) ?? order)].slice(0, MAX_ORDERS);
}

/** New searches on top, each once. */
export function withSearches(
  searches: readonly SearchAnswer[],
  fresh: readonly SearchAnswer[],
): readonly SearchAnswer[] {
  if (fresh.length === 0) return searches;
  const seen = new Set<string>();
  return [...fresh.toReversed(), ...searches]
    .filter(({ searchId }) => !seen.has(searchId) && seen.add(searchId))
    .slice(0, MAX_SEARCHES);
}

/** How long a finished order stays on show before the next one takes its place. */
export const ORDER_DWELL_MS = 6_000;
/** The same for a search. */
export const SEARCH_DWELL_MS = 3_000;

/**
 * Which order to show to somebody who chose none: the newest, but held while it is under way and a while longer, so
 * that a busy shop does not make the drawing jump.
 */
export function followedOrder(
  shown: OrderView | undefined,
  orders: readonly OrderView[],
  nowMs: number,
): OrderView | undefined {
  const newest = orders[0];
  if (shown === undefined) return newest;
  const current = orders.find(({ orderId }) => orderId === shown.orderId);
  if (current === undefined) return newest;
  const held = current.endedAtMs === undefined || nowMs - current.endedAtMs < ORDER_DWELL_MS;
  return held ? current : newest;
}

export function followedSearch(
  shown: SearchAnswer | undefined,
  searches: readonly SearchAnswer[],
  nowMs: number,
): SearchAnswer | undefined {
  const newest = searches[0];
  if (shown === undefined || newest === undefined) return newest;
  return nowMs - shown.atMs < SEARCH_DWELL_MS ? shown : newest;
}
