/** The shop's routes as functions. A refusal and an unreachable shop are answers, not exceptions. */
import type {
  ChaosSettings,
  ChaosView,
  ChoicesView,
  LoadView,
  OrderRequest,
  OrderView,
  Problem,
  SagaGraph,
  SearchAnswer,
  SpanView,
} from '../contract.ts';

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Nobody knows whether the request was carried out. */
  | { readonly kind: 'unreachable'; readonly detail: string };

export interface ShopApi {
  /** `idempotencyKey`: the same for every attempt at the same order. */
  placeOrder(request: OrderRequest, idempotencyKey: string): Promise<Answer<OrderView>>;
  order(orderId: string): Promise<Answer<OrderView>>;
  search(query: string, customerId: string): Promise<Answer<SearchAnswer>>;
  saga(): Promise<Answer<SagaGraph>>;
  choices(): Promise<Answer<ChoicesView>>;
  spans(correlationId: string): Promise<Answer<{ readonly spans: readonly SpanView[] }>>;
  setLoad(load: LoadRequest): Promise<Answer<LoadView>>;
  chaos(): Promise<Answer<ChaosView>>;
  setChaos(service: string, settings: ChaosSettings): Promise<Answer<ChaosSettings>>;
  crash(service: string): Promise<Answer<unknown>>;
}

export type LoadRequest = Pick<LoadView, 'ordersPerSecond' | 'searchesPerSecond'> & {
  readonly seconds: number;
};

/** Patience with the shop's api process, which is on the same machine. */
const TIMEOUT_MS = 10_000;

export function shopApi(): ShopApi {
  const get = <T>(path: string): Promise<Answer<T>> => request(path, { method: 'GET' });
  const put = <T>(path: string, body: unknown): Promise<Answer<T>> =>
    request(path, { method: 'PUT', ...json(body) });
  return {
    placeOrder: (order, idempotencyKey) => {
      const { body, headers } = json(order);
      return request('/api/orders', {
        method: 'POST',
        body,
        headers: { ...headers, 'idempotency-key': idempotencyKey },
      });
    },
    order: (orderId) => get(`/api/orders/${encodeURIComponent(orderId)}`),
    search: (q, customerId) => get(`/api/search?${new URLSearchParams({ q, customerId })}`),
    saga: () => get('/api/saga'),
    choices: () => get('/api/choices'),
    spans: (correlationId) => get(`/api/correlations/${encodeURIComponent(correlationId)}`),
    setLoad: (load) => put('/api/load', load),
    chaos: () => get('/api/chaos'),
    setChaos: (service, settings) => put(`/api/chaos/${encodeURIComponent(service)}`, settings),
    crash: (service) => request(`/api/chaos/${encodeURIComponent(service)}/crash`, { method: 'POST' }),
  };
}

function json(body: unknown): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** The shapes are the contract's: page and shop are built from the same types and served by one process. */
async function request<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return { kind: 'ok', value: await response.json() };
    return { kind: 'refused', problem: problemOf(await response.text(), response.status) };
  } catch (error) {
    return { kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** A proxy's HTML page or a cut body becomes a problem too. */
export function problemOf(text: string, status: number): Problem {
  try {
    const body: unknown = JSON.parse(text);
    if (isProblem(body)) return body;
  } catch {
    // Not JSON: told below by its status.
  }
  const title = `The shop answered ${status}`;
  return { type: 'about:blank', title, status, detail: title, code: `HTTP_${status}`, correlationId: '' };
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' && value !== null && 'title' in value && 'detail' in value && 'code' in value
  );
}
