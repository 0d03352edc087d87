/**
 * All that the page knows of the shop, as signals. Orders and searches arrive up to hundreds a second under load;
 * they are gathered and shown five times a second, which is as fast as anybody reads.
 */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type {
  ChoicesView,
  LiveEvents,
  OrderView,
  SagaGraph,
  SearchAnswer,
  ServiceMapView,
  StatusView,
} from '../contract.ts';
import type { ShopApi } from './api.ts';
import type { Connection } from './connection.model.ts';
import { followedOrder, followedSearch, MAX_SEARCHES, withOrders, withSearches } from './lists.model.ts';

const FLUSH_MS = 200;
const CLOCK_MS = 1_000;
/** A shop that has just started may not know its products yet. */
const REREAD_MS = 2_000;

export interface LiveStore {
  readonly connection: Signal<Connection>;
  readonly nowMs: ReadonlySignal<number>;
  readonly status: ReadonlySignal<StatusView | undefined>;
  readonly map: ReadonlySignal<ServiceMapView | undefined>;
  readonly orders: ReadonlySignal<readonly OrderView[]>;
  readonly searches: ReadonlySignal<readonly SearchAnswer[]>;
  readonly saga: ReadonlySignal<SagaGraph | undefined>;
  readonly choices: ReadonlySignal<ChoicesView | undefined>;
  /** The order on show: the chosen one, or else the one followed. */
  readonly order: ReadonlySignal<OrderView | undefined>;
  readonly search: ReadonlySignal<SearchAnswer | undefined>;
  /** Undefined: follow the newest. */
  readonly chosenOrder: ReadonlySignal<OrderView | undefined>;
  readonly chosenSearch: ReadonlySignal<SearchAnswer | undefined>;
  chooseOrder(order: OrderView | undefined): void;
  chooseSearch(answer: SearchAnswer | undefined): void;
  /** Lists and chooses an order that this page placed; events of it may have come before the answer did. */
  placed(order: OrderView): void;
  apply<K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]): void;
}

export function liveStore(api: ShopApi): LiveStore {
  const connection = signal<Connection>({ kind: 'connecting' });
  const nowMs = signal(Date.now());
  const status = signal<StatusView>();
  const map = signal<ServiceMapView>();
  const orders = signal<readonly OrderView[]>([]);
  const searches = signal<readonly SearchAnswer[]>([]);
  const saga = signal<SagaGraph>();
  const choices = signal<ChoicesView>();
  const chosenOrder = signal<OrderView>();
  const chosenSearch = signal<SearchAnswer>();
  const followed = signal<OrderView>();
  const followedAnswer = signal<SearchAnswer>();
  const changed = new Map<string, OrderView>();
  const answered: SearchAnswer[] = [];
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let rereading: ReturnType<typeof setTimeout> | undefined;

  setInterval(() => {
    nowMs.value = Date.now();
  }, CLOCK_MS);
  effect(() => {
    followed.value = followedOrder(followed.peek(), orders.value, nowMs.value);
    followedAnswer.value = followedSearch(followedAnswer.peek(), searches.value, nowMs.value);
  });

  const flush = (): void => {
    clearTimeout(flushing);
    flushing = undefined;
    batch(() => {
      orders.value = withOrders(orders.peek(), changed);
      searches.value = withSearches(searches.peek(), answered);
      const chosen = chosenOrder.peek();
      const newer = chosen === undefined ? undefined : changed.get(chosen.orderId);
      if (newer !== undefined) chosenOrder.value = newer;
    });
    changed.clear();
    answered.length = 0;
  };
  const soon = (): void => {
    flushing ??= setTimeout(flush, FLUSH_MS);
  };
  const greet = (hello: LiveEvents['hello']): void => {
    changed.clear();
    answered.length = 0;
    const recent = new Map(hello.recentOrders.map((order) => [order.orderId, order]));
    batch(() => {
      orders.value = withOrders([], recent);
      searches.value = withSearches([], hello.recentSearches.toReversed());
    });
    flush();
    void reread(recent);
  };
  /** What no event repeats: the saga, the choices, and a chosen order that has left the recent ones. */
  const reread = async (recent: ReadonlyMap<string, OrderView>): Promise<void> => {
    const chosen = chosenOrder.peek();
    const [graph, offered, order] = await Promise.all([
      api.saga(),
      api.choices(),
      chosen === undefined ? undefined : (recent.get(chosen.orderId) ?? api.order(chosen.orderId)),
    ]);
    batch(() => {
      if (graph.kind === 'ok') saga.value = graph.value;
      if (offered.kind === 'ok') choices.value = offered.value;
      // Only if no event and no other choice came meanwhile.
      if (order === undefined || chosenOrder.peek() !== chosen) return;
      if (!('kind' in order)) chosenOrder.value = order;
      else if (order.kind === 'ok') chosenOrder.value = order.value;
    });
    clearTimeout(rereading);
    if (graph.kind !== 'ok' || offered.kind !== 'ok')
      rereading = setTimeout(() => void reread(recent), REREAD_MS);
  };
  const apply = <K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]): void => {
    handlers[kind](data);
  };
  const handlers: { readonly [K in keyof LiveEvents]: (data: LiveEvents[K]) => void } = {
    hello: greet,
    order: (order) => {
      changed.set(order.orderId, order);
      soon();
    },
    search: (answer) => {
      answered.push(answer);
      if (answered.length > MAX_SEARCHES) answered.shift();
      soon();
    },
    status: (next) => {
      status.value = next;
    },
    map: (next) => {
      map.value = next;
    },
  };

  return {
    ...{ connection, nowMs, status, map, orders, searches, saga, choices, chosenOrder, chosenSearch, apply },
    order: computed(() => chosenOrder.value ?? followed.value),
    search: computed(() => chosenSearch.value ?? followedAnswer.value),
    chooseOrder: (order) => {
      chosenOrder.value = order;
    },
    placed: (order) => {
      flush();
      const known = orders.peek().find(({ orderId }) => orderId === order.orderId);
      if (known === undefined) orders.value = withOrders(orders.peek(), new Map([[order.orderId, order]]));
      chosenOrder.value = known ?? order;
    },
    chooseSearch: (answer) => {
      chosenSearch.value = answer;
    },
  };
}
