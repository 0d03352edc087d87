/** Small whole values for tables: each names only what its case is about. */
import type {
  BreakerView,
  BulkheadView,
  OrderStep,
  OrderView,
  SearchAnswer,
  SearchSource,
  SpanView,
  StatusView,
} from '../src/contract.ts';

export function anOrder(change: Partial<OrderView> = {}): OrderView {
  return {
    ...{ orderId: 'o-1', status: 'running', customerId: 'c-1001', totalCents: 17_800, correlationId: 'c1' },
    lines: [{ productId: 'p-1', quantity: 2, name: 'Walnut desk lamp', priceCents: 8_900 }],
    ...{ acceptedAtMs: 1_000, steps: [] },
    ...change,
  };
}

export function aStep(state: string, change: Partial<OrderStep> = {}): OrderStep {
  return {
    state,
    kind: 'forward',
    status: 'done',
    attempts: 1,
    startedAtMs: 1_000,
    endedAtMs: 1_250,
    ...change,
  };
}

export function aSource(name: string, change: Partial<SearchSource> = {}): SearchSource {
  return { name, status: 'complete', itemCount: 3, startedMs: 0, elapsedMs: 100, ...change };
}

export function aSearch(change: Partial<SearchAnswer> = {}): SearchAnswer {
  return {
    ...{
      searchId: 's-1',
      query: 'lamp',
      correlationId: 'c2',
      complete: true,
      deadlineMs: 400,
      elapsedMs: 180,
    },
    ...{ items: [], sources: [], atMs: 1_000 },
    ...change,
  };
}

export function aBreaker(dependency: string, change: Partial<BreakerView> = {}): BreakerView {
  return {
    ...{ dependency, tier: 'critical', worker: 'worker-1', state: 'closed', scope: 'fleet', epoch: 3 },
    ...{ calls: 10, failures: 0, slow: 0, failureRatio: 0, thresholdRatio: 0.5, window: [] },
    ...{ reopensInMs: 0, probesInFlight: 0, store: 'ok' },
    ...change,
  };
}

export function aBulkhead(change: Partial<BulkheadView> = {}): BulkheadView {
  return {
    ...{ worker: 'worker-1', tier: 'critical', active: 0, queued: 0, maxConcurrent: 32, maxQueued: 64 },
    ...{ rejected: 0, completed: 0 },
    ...change,
  };
}

export function aStatus(change: Partial<StatusView> = {}): StatusView {
  return {
    ...{ atMs: 1_000, processes: [], breakers: [], bulkheads: [], transitions: [], chaosEnabled: true },
    orders: { running: 0, undoing: 0, confirmed: 0, undone: 0, stuck: 0 },
    load: { ordersPerSecond: 0, searchesPerSecond: 0, remainingSeconds: 0, sent: 0, failed: 0 },
    ...change,
  };
}

export function aSpan(spanId: string, change: Partial<SpanView> = {}): SpanView {
  return {
    ...{ spanId, traceId: 't', service: 'api', name: 'GET /', kind: 'server', startMs: 0, durationMs: 10 },
    attributes: {},
    ...change,
  };
}
