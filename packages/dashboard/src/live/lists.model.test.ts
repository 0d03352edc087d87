import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anOrder, aSearch } from '../../dev/examples.ts';
import type { OrderView } from '../contract.ts';
import {
  followedOrder,
  followedSearch,
  MAX_ORDERS,
  MAX_SEARCHES,
  ORDER_DWELL_MS,
  SEARCH_DWELL_MS,
  withOrders,
  withSearches,
} from './lists.model.ts';

const order = (id: number, change: Partial<OrderView> = {}): OrderView =>
  anOrder({ orderId: `o-${id}`, acceptedAtMs: id, ...change });
const changed = (...orders: readonly OrderView[]): ReadonlyMap<string, OrderView> =>
  new Map(orders.map((each) => [each.orderId, each]));
const ids = (orders: readonly OrderView[]): readonly string[] => orders.map(({ orderId }) => orderId);

describe('the list of orders', () => {
  test.each<
    [why: string, before: readonly OrderView[], changes: readonly OrderView[], after: readonly string[]]
  >([
    ['new orders come on top, newest first', [order(1)], [order(2), order(3)], ['o-3', 'o-2', 'o-1']],
    ['a change leaves the place', [order(3), order(2)], [order(2, { status: 'confirmed' })], ['o-3', 'o-2']],
    ['nothing changed', [order(3)], [], ['o-3']],
  ])('%s', (_why, before, changes, after) =>
    expect(ids(withOrders(before, changed(...changes)))).toEqual(after),
  );

  test('a changed order is the new one, an unchanged one is the very same', () => {
    const [kept, old, fresh] = [order(3), order(2), order(2, { status: 'confirmed' })];
    const [first, second] = withOrders([kept, old], changed(fresh));
    expect(first).toBe(kept);
    expect(second).toBe(fresh);
  });

  test('a late event of an order that has left the full list does not bring it back', () => {
    const full = withOrders(
      [],
      changed(...Array.from({ length: MAX_ORDERS }, (_, index) => order(100 + index))),
    );
    expect(withOrders(full, changed(order(5)))).toEqual(full);
  });

  test('whatever comes, the list is bounded, has no order twice and runs from new to old', () => {
    const history = fc.array(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 120, size: 'max' }), {
      maxLength: 12,
      size: 'max',
    });
    let fullest = 0;
    fc.assert(
      fc.property(history, (batches) => {
        let orders: readonly OrderView[] = [];
        let newest = 0;
        for (const batch of batches) {
          // Orders are accepted in time's order; changes come to any.
          const accepted = batch
            .map((id) => (id > 200 ? ++newest : Math.min(id, newest)))
            .filter((id) => id > 0);
          orders = withOrders(orders, changed(...accepted.map((id) => order(id))));
        }
        fullest = Math.max(fullest, orders.length);
        expect(orders.length).toBeLessThanOrEqual(MAX_ORDERS);
        expect(new Set(ids(orders)).size).toBe(orders.length);
        expect(orders.map(({ acceptedAtMs }) => acceptedAtMs)).toEqual(
          orders.map(({ acceptedAtMs }) => acceptedAtMs).sort((a, b) => b - a),
        );
      }),
    );
    expect(fullest).toBe(MAX_ORDERS);
  });
});

describe('the list of searches', () => {
  const search = (id: number): ReturnType<typeof aSearch> => aSearch({ searchId: `s-${id}`, atMs: id });

  test('new ones on top, each once', () => {
    const after = withSearches([search(2), search(1)], [search(2), search(3), search(4)]);
    expect(after.map(({ searchId }) => searchId)).toEqual(['s-4', 's-3', 's-2', 's-1']);
  });

  test('the oldest leave beyond the bound', () => {
    const after = withSearches(
      [],
      Array.from({ length: MAX_SEARCHES + 7 }, (_, index) => search(index)),
    );
    expect([after.length, after[0]?.searchId]).toEqual([MAX_SEARCHES, `s-${MAX_SEARCHES + 6}`]);
  });
});

describe('what is shown to somebody who chose nothing', () => {
  const ended = order(1, { endedAtMs: 10_000 });
  test.each<
    [
      why: string,
      shown: OrderView | undefined,
      orders: readonly OrderView[],
      nowMs: number,
      next: string | undefined,
    ]
  >([
    ['nothing, of nothing', undefined, [], 0, undefined],
    ['the newest, at first', undefined, [order(2), order(1)], 0, 'o-2'],
    ['an order under way is held', order(1), [order(2), order(1)], 99_000, 'o-1'],
    ['a finished one is held for a while', order(1), [order(2), ended], 10_000 + ORDER_DWELL_MS - 1, 'o-1'],
    ['then the newest takes its place', ended, [order(2), ended], 10_000 + ORDER_DWELL_MS, 'o-2'],
    ['one that has left the list is let go', order(1), [order(9)], 0, 'o-9'],
  ])('%s', (_why, shown, orders, nowMs, next) =>
    expect(followedOrder(shown, orders, nowMs)?.orderId).toBe(next),
  );

  test('a held order is shown as it is now, not as it was', () => {
    expect(followedOrder(order(1), [ended], 10_000)).toBe(ended);
  });

  test.each([
    ['a search is held for a while', SEARCH_DWELL_MS - 1, 's-1'],
    ['then the newest takes its place', SEARCH_DWELL_MS, 's-2'],
  ])('%s', (_why, passedMs, next) => {
    const [old, newer] = [aSearch({ searchId: 's-1', atMs: 0 }), aSearch({ searchId: 's-2', atMs: 10 })];
    expect(followedSearch(old, [newer, old], passedMs)?.searchId).toBe(next);
  });
});
