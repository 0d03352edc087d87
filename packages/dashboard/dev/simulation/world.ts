/** The fake shop's world: everything behind the routes, moved by one clock that its owner ticks. */
import type {
  ChaosSettings,
  ChaosView,
  LiveEvents,
  LoadView,
  OrderRequest,
  OrderStatus,
  OrderView,
  SearchAnswer,
  ServiceMapView,
  SpanView,
  StatusView,
} from '../../src/contract.ts';
import { fakeBreakers } from './breakers.ts';
import { CHOICES, SERVICES, WORKERS } from './catalogue.ts';
import { drawFate, type Fate, type Frame, framesOf } from './orders.ts';
import { between, hex, pick, seededRandom } from './random.ts';
import { searchAnswer } from './searches.ts';
import { serviceMap } from './service-map.ts';
import { spansOfOrder, spansOfSearch } from './spans.ts';

export const NO_CHAOS: ChaosSettings = {
  errorRatio: 0,
  declineRatio: 0,
  lostAnswerRatio: 0,
  extraLatencyMs: 0,
  hang: false,
};
const KEPT_ORDERS = 400;
const KEPT_SEARCHES = 100;
const RESTART_MS = 2_500;
const WORDS = ['lamp', 'kettle', 'chair', 'garden chair', 'suitcase', 'cups', 'blanket', 'wooden train'];

export interface WorldOptions {
  readonly seed: number;
  readonly chaosEnabled: boolean;
  /** Orders and searches come by themselves, and some of them meet bad luck. */
  readonly lively: boolean;
  readonly publish: <K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]) => void;
}

export interface World {
  place(request: OrderRequest, nowMs: number, fate?: Fate): OrderView;
  search(query: string, nowMs: number): SearchAnswer;
  orders(limit: number): readonly OrderView[];
  order(orderId: string): OrderView | undefined;
  searches(limit: number): readonly SearchAnswer[];
  spans(correlationId: string): readonly SpanView[];
  status(nowMs: number): StatusView;
  map(): ServiceMapView;
  chaos(): ChaosView;
  setChaos(service: string, settings: ChaosSettings): void;
  crash(service: string, nowMs: number): void;
  setLoad(
    load: { ordersPerSecond: number; searchesPerSecond: number; seconds: number },
    nowMs: number,
  ): LoadView;
  /** Plays everything that is due by `nowMs`; call it about ten times a second. */
  tick(nowMs: number): void;
}

export function world({ seed, chaosEnabled, lively, publish }: WorldOptions): World {
  const random = seededRandom(seed);
  const breakers = fakeBreakers(random);
  const orders = new Map<string, OrderView>();
  const playing = new Map<string, { readonly frames: readonly Frame[]; next: number }>();
  const searches: SearchAnswer[] = [];
  const chaos = new Map<string, ChaosSettings>(SERVICES.map(({ name }) => [name, NO_CHAOS]));
  const down = new Map<string, number>();
  const restarts = new Map<string, number>();
  const load = { ordersPerSecond: 0, searchesPerSecond: 0, endsAtMs: 0, sent: 0 };
  const debt = { orders: 0, searches: 0 };
  let [lastTickMs, lastSecondMs, ticks] = [0, 0, 0];

  const up = (): ReadonlyMap<string, ChaosSettings> =>
    new Map([...chaos].filter(([name]) => !down.has(name)));
  const place: World['place'] = (
    { customerId, lines },
    nowMs,
    fate = drawFate(random, up(), lively ? 0.12 : 0),
  ) => {
    const priced = lines.map((line) => {
      const product = CHOICES.products.find(({ productId }) => productId === line.productId);
      return { ...line, name: product?.name ?? line.productId, priceCents: product?.priceCents ?? 0 };
    });
    const accepted: OrderView = {
      ...{ orderId: `o-${hex(random, 8)}`, status: 'running', customerId, lines: priced },
      totalCents: priced.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0),
      ...{ correlationId: hex(random, 32), acceptedAtMs: nowMs, steps: [] },
    };
    playing.set(accepted.orderId, { frames: framesOf(accepted, fate, random), next: 0 });
    play(nowMs);
    return accepted;
  };
  const play = (nowMs: number): void => {
    for (const [orderId, film] of playing) {
      for (let frame = film.frames[film.next]; frame !== undefined; frame = film.frames[film.next]) {
        if (frame.view.acceptedAtMs + frame.atMs > nowMs) break;
        film.next += 1;
        orders.set(orderId, frame.view);
        publish('order', frame.view);
      }
      if (film.next >= film.frames.length) playing.delete(orderId);
    }
    for (const orderId of orders.keys()) {
      if (orders.size <= KEPT_ORDERS) break;
      orders.delete(orderId);
    }
  };
  const search = (query: string, nowMs: number): SearchAnswer => {
    const answer = searchAnswer(query, up(), random, nowMs);
    searches.unshift(answer);
    searches.length = Math.min(searches.length, KEPT_SEARCHES);
    publish('search', answer);
    return answer;
  };
  const anyOrder = (): OrderRequest => ({
    customerId: pick(random, CHOICES.customers).customerId,
    lines: [{ productId: pick(random, CHOICES.products).productId, quantity: between(random, 1, 3) }],
  });
  const loadView = (nowMs: number): LoadView => {
    const remainingSeconds = Math.max(0, Math.ceil((load.endsAtMs - nowMs) / 1000));
    const { ordersPerSecond, searchesPerSecond, sent } = load;
    if (remainingSeconds === 0)
      return { ordersPerSecond: 0, searchesPerSecond: 0, remainingSeconds, sent, failed: 0 };
    return { ordersPerSecond, searchesPerSecond, remainingSeconds, sent, failed: 0 };
  };
  const traffic = (nowMs: number): { orders: number; searches: number } => {
    const { ordersPerSecond, searchesPerSecond } = loadView(nowMs);
    return { orders: ordersPerSecond + (lively ? 0.4 : 0), searches: searchesPerSecond + (lively ? 0.3 : 0) };
  };
  const status = (nowMs: number): StatusView => {
    const counts: Record<OrderStatus, number> = { running: 0, undoing: 0, confirmed: 0, undone: 0, stuck: 0 };
    for (const { status: each } of orders.values()) counts[each] += 1;
    const busy = traffic(nowMs);
    return {
      ...{ atMs: nowMs, breakers: breakers.views, transitions: breakers.transitions, orders: counts },
      ...{ load: loadView(nowMs), chaosEnabled },
      processes: [
        { name: 'api', role: 'api', up: true, restarts: 0, pid: 4101 },
        { name: 'engine', role: 'engine', up: true, restarts: 0, pid: 4102 },
        ...WORKERS.map((name, index) => ({
          name,
          role: 'worker' as const,
          up: true,
          restarts: 0,
          pid: 4110 + index,
        })),
        ...SERVICES.map(({ name, tier }, index) => ({
          ...{ name, role: 'service' as const, tier, up: !down.has(name), restarts: restarts.get(name) ?? 0 },
          ...(down.has(name) ? {} : { pid: 4200 + index }),
        })),
      ],
      bulkheads: WORKERS.flatMap((worker) => [
        { worker, tier: 'critical' as const, ...occupancy(playing.size / 2, 32, 256), rejected: 0 },
        { worker, tier: 'standard' as const, ...occupancy(busy.searches * 1.4, 32, 64), rejected: 0 },
        {
          worker,
          tier: 'non-critical' as const,
          ...occupancy(chaos.get('partner')?.hang ? 30 : busy.searches * 0.8, 24, 24),
          rejected: chaos.get('partner')?.hang ? 7 : 0,
        },
      ]),
    };
  };
  const occupancy = (
    demand: number,
    maxConcurrent: number,
    maxQueued: number,
  ): Omit<StatusView['bulkheads'][number], 'worker' | 'tier' | 'rejected'> => ({
    active: Math.min(maxConcurrent, Math.ceil(demand)),
    queued: Math.min(maxQueued, Math.max(0, Math.ceil(demand) - maxConcurrent)),
    ...{ maxConcurrent, maxQueued, completed: orders.size * 4 },
  });

  return {
    place,
    search,
    orders: (limit) => [...orders.values()].sort((a, b) => b.acceptedAtMs - a.acceptedAtMs).slice(0, limit),
    order: (orderId) => orders.get(orderId),
    searches: (limit) => searches.slice(0, limit),
    spans: (correlationId) => {
      const order = [...orders.values()].find((each) => each.correlationId === correlationId);
      if (order !== undefined) return spansOfOrder(order, seededRandom(seed));
      const answer = searches.find((each) => each.correlationId === correlationId);
      return answer === undefined ? [] : spansOfSearch(answer, seededRandom(seed));
    },
    status,
    map: () => serviceMap(up(), traffic(lastTickMs)),
    chaos: () => ({
      enabled: chaosEnabled,
      services: SERVICES.map(({ name, tier }) => {
        const settings = chaosEnabled && !down.has(name) ? chaos.get(name) : undefined;
        return { service: name, tier, ...(settings === undefined ? {} : { settings }) };
      }),
    }),
    setChaos: (service, settings) => {
      chaos.set(service, settings);
    },
    crash: (service, nowMs) => {
      down.set(service, nowMs + RESTART_MS);
      chaos.set(service, NO_CHAOS);
      restarts.set(service, (restarts.get(service) ?? 0) + 1);
    },
    setLoad: ({ ordersPerSecond, searchesPerSecond, seconds }, nowMs) => {
      Object.assign(load, { ordersPerSecond, searchesPerSecond, endsAtMs: nowMs + seconds * 1000, sent: 0 });
      return loadView(nowMs);
    },
    tick: (nowMs) => {
      const elapsedSeconds = lastTickMs === 0 ? 0 : Math.min(1, (nowMs - lastTickMs) / 1000);
      lastTickMs = nowMs;
      for (const [service, upAtMs] of down) if (nowMs >= upAtMs) down.delete(service);
      const busy = traffic(nowMs);
      debt.orders += busy.orders * elapsedSeconds;
      debt.searches += busy.searches * elapsedSeconds;
      for (; debt.orders >= 1; debt.orders -= 1) {
        place(anyOrder(), nowMs);
        load.sent += 1;
      }
      for (; debt.searches >= 1; debt.searches -= 1) {
        search(pick(random, WORDS), nowMs);
        load.sent += 1;
      }
      play(nowMs);
      if (nowMs - lastSecondMs < 1_000) return;
      lastSecondMs = nowMs;
      ticks += 1;
      breakers.second(up(), Math.ceil(1 + busy.orders + busy.searches), nowMs);
      publish('status', status(nowMs));
      if (ticks % 2 === 0) publish('map', serviceMap(up(), busy));
    },
  };
}
