/**
 * What the shop's API and its live stream say to the page. Types only: the shop imports them to
 * promise the same shapes that the page reads; `openapi.json` describes them to everybody else.
 * Times ending in `AtMs` are epoch milliseconds, durations end in `Ms`, ratios lie in 0..1.
 */

/** RFC 9457 problem. `errors` names each field at fault by JSON pointer. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable machine-readable code, for example `HF_SHOP_UNKNOWN_PRODUCT`. */
  readonly code: string;
  readonly correlationId: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export interface OrderLine {
  readonly productId: string;
  readonly quantity: number;
}

export interface OrderRequest {
  readonly customerId: string;
  readonly lines: readonly OrderLine[];
}

/**
 * `running`: accepted, on its way. `undoing`: a step failed, compensations are running.
 * `confirmed`: paid, reserved and shipped. `undone`: every effect taken back.
 * `stuck`: a compensation gave up after all its retries; a person must look at it.
 */
export type OrderStatus = 'running' | 'undoing' | 'confirmed' | 'undone' | 'stuck';

/** One state of the saga as this order lived it. */
export interface OrderStep {
  /** State name in the definition, for example `ReservePayment`. */
  readonly state: string;
  readonly kind: 'forward' | 'compensation' | 'announce' | 'end';
  readonly status: 'running' | 'retrying' | 'done' | 'failed';
  /** Task attempts so far, 1 for a step that worked at once. */
  readonly attempts: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** The last error, also on a step that a retry mended. */
  readonly error?: { readonly code: string; readonly cause: string };
}

export interface OrderView {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly customerId: string;
  readonly lines: readonly (OrderLine & { readonly name: string; readonly priceCents: number })[];
  readonly totalCents: number;
  readonly correlationId: string;
  readonly acceptedAtMs: number;
  readonly endedAtMs?: number;
  /** Why it was undone, in words, naming the step. */
  readonly reason?: string;
  /** In the order in which they were entered. */
  readonly steps: readonly OrderStep[];
}

/** The saga's graph for drawing: made from the States Language file itself. */
export interface SagaGraph {
  readonly startAt: string;
  readonly states: readonly {
    readonly name: string;
    readonly kind: OrderStep['kind'];
    readonly type: string;
    readonly comment?: string;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly on: 'next' | 'error';
    readonly errors?: readonly string[];
  }[];
}

export type SourceStatus = 'complete' | 'partial' | 'fallback' | 'missing';

export interface SearchSource {
  readonly name: string;
  readonly status: SourceStatus;
  readonly itemCount: number;
  /** From the search's start. */
  readonly startedMs: number;
  readonly elapsedMs: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface SearchItem {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
  readonly score: number;
  /** Every source that named this product. */
  readonly sources: readonly string[];
}

export interface SearchAnswer {
  readonly searchId: string;
  readonly query: string;
  readonly correlationId: string;
  readonly complete: boolean;
  readonly deadlineMs: number;
  readonly elapsedMs: number;
  readonly items: readonly SearchItem[];
  readonly sources: readonly SearchSource[];
  readonly atMs: number;
}

export type Tier = 'critical' | 'standard' | 'non-critical';

/** One worker's view of the breaker before one dependency. */
export interface BreakerView {
  readonly dependency: string;
  readonly tier: Tier;
  readonly worker: string;
  readonly state: 'closed' | 'open' | 'half-open';
  readonly scope: 'fleet' | 'instance';
  readonly epoch: number;
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  readonly failureRatio: number;
  /** Ratio at which it opens. */
  readonly thresholdRatio: number;
  /** Oldest first. */
  readonly window: readonly {
    readonly successes: number;
    readonly failures: number;
    readonly slow: number;
  }[];
  /** Until a probe may pass, while open. */
  readonly reopensInMs: number;
  readonly probesInFlight: number;
  readonly store: 'ok' | 'down' | 'none';
}

export interface BulkheadView {
  readonly worker: string;
  readonly tier: Tier;
  readonly active: number;
  readonly queued: number;
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly rejected: number;
  readonly completed: number;
}

export interface BreakerTransition {
  readonly dependency: string;
  readonly worker: string;
  readonly from: BreakerView['state'];
  readonly to: BreakerView['state'];
  readonly epoch: number;
  readonly reason: string;
  readonly atMs: number;
}

export interface ProcessView {
  readonly name: string;
  readonly role: 'api' | 'engine' | 'worker' | 'service';
  readonly tier?: Tier;
  readonly up: boolean;
  readonly restarts: number;
  readonly pid?: number;
}

/** Faults that one service shows on purpose. All zero and false: none. */
export interface ChaosSettings {
  /** Share of requests answered 503 before any effect. */
  readonly errorRatio: number;
  /** Share of orders refused for a business reason, the same order always alike. */
  readonly declineRatio: number;
  /** Share of requests whose effect happens but whose answer is lost. */
  readonly lostAnswerRatio: number;
  /** Added to every answer; 0 to 10,000. */
  readonly extraLatencyMs: number;
  /** Accept requests and never answer. */
  readonly hang: boolean;
}

export interface ChaosView {
  readonly enabled: boolean;
  readonly services: readonly {
    readonly service: string;
    readonly tier: Tier;
    /** Absent while the service is down. */
    readonly settings?: ChaosSettings;
  }[];
}

export interface LoadView {
  readonly ordersPerSecond: number;
  readonly searchesPerSecond: number;
  /** 0 when idle. */
  readonly remainingSeconds: number;
  readonly sent: number;
  readonly failed: number;
}

export interface StatusView {
  readonly atMs: number;
  readonly processes: readonly ProcessView[];
  readonly breakers: readonly BreakerView[];
  readonly bulkheads: readonly BulkheadView[];
  readonly transitions: readonly BreakerTransition[];
  readonly orders: Readonly<Record<OrderStatus, number>>;
  readonly load: LoadView;
  readonly chaosEnabled: boolean;
}

export interface ServiceMapView {
  readonly windowMs: number;
  readonly nodes: readonly {
    readonly service: string;
    readonly calls: number;
    readonly errors: number;
    readonly ratePerSecond: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly calls: number;
    readonly errors: number;
    readonly ratePerSecond: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
  }[];
}

export interface SpanView {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly error?: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export interface ProductView {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
}

/** `GET /api/choices`: what the order form offers. */
export interface ChoicesView {
  readonly customers: readonly { readonly customerId: string; readonly name: string }[];
  readonly products: readonly ProductView[];
}

/**
 * `GET /api/events` (server-sent events; `event:` is the key, `data:` one JSON value). On connecting a
 * client gets `hello`, then `status` at once and each second, `map` every 2 s, `order` at each change
 * of an order and `search` after each search. Ids are not resumable: reconnect and read the lists again.
 */
export interface LiveEvents {
  readonly hello: {
    readonly version: string;
    readonly recentOrders: readonly OrderView[];
    readonly recentSearches: readonly SearchAnswer[];
  };
  readonly order: OrderView;
  readonly search: SearchAnswer;
  readonly status: StatusView;
  readonly map: ServiceMapView;
}

/**
 * The routes, for reading in one place:
 * - `POST /api/orders` OrderRequest (+ `Idempotency-Key`) → 202 OrderView | Problem
 * - `GET  /api/orders?limit=1..200` → { orders: OrderView[] } newest first
 * - `GET  /api/orders/{orderId}` → OrderView
 * - `GET  /api/saga` → SagaGraph
 * - `GET  /api/search?q=…&customerId=…&limit=1..50` → SearchAnswer
 * - `GET  /api/choices` → ChoicesView
 * - `GET  /api/status` → StatusView;  `GET /api/service-map?windowMs=…` → ServiceMapView
 * - `GET  /api/correlations/{correlationId}` → { spans: SpanView[] }
 * - `PUT  /api/load` { ordersPerSecond 0..50, searchesPerSecond 0..50, seconds 0..600 } → LoadView
 * - `GET  /api/chaos` → ChaosView;  `PUT /api/chaos/{service}` ChaosSettings → ChaosSettings
 * - `POST /api/chaos/{service}/crash` → 202 {} (the process kills itself; the supervisor restarts it)
 * - `GET  /api/events` → LiveEvents;  `GET /api/openapi.json`;  `GET /health`
 */
export type Routes = never;
