/** The spans behind one order or search, made from its final view. */
import type { OrderView, SearchAnswer, SpanView } from '../../src/contract.ts';
import { SERVICE_OF } from './catalogue.ts';
import { hex, type Random } from './random.ts';

type Draft = Pick<SpanView, 'service' | 'name' | 'kind' | 'startMs' | 'durationMs'> & {
  readonly error?: string;
  readonly parentSpanId?: string;
};

export function spansOfOrder(order: OrderView, random: Random): readonly SpanView[] {
  const span = spanMaker(order.correlationId, random);
  const endMs =
    order.endedAtMs ??
    Math.max(
      ...order.steps.map(({ endedAtMs, startedAtMs }) => endedAtMs ?? startedAtMs),
      order.acceptedAtMs + 5,
    );
  const root = span({
    service: 'api',
    name: 'POST /api/orders',
    kind: 'server',
    startMs: order.acceptedAtMs - 12,
    durationMs: 14,
  });
  const saga = span({
    ...{
      service: 'engine',
      name: 'saga OrderSaga',
      kind: 'internal',
      startMs: order.acceptedAtMs,
      durationMs: endMs - order.acceptedAtMs,
    },
    parentSpanId: root.spanId,
  });
  const steps = order.steps.flatMap((step) => {
    const service = SERVICE_OF[step.state];
    if (service === undefined) return [];
    const durationMs = (step.endedAtMs ?? endMs) - step.startedAtMs;
    const error = step.status === 'failed' ? { error: step.error?.code ?? 'failed' } : {};
    const worker = span({
      ...{
        service: 'worker-1',
        name: step.state,
        kind: 'server',
        startMs: step.startedAtMs + 1,
        durationMs: durationMs - 2,
        parentSpanId: saga.spanId,
      },
      ...error,
    });
    const each = durationMs / Math.max(1, step.attempts);
    const attempts = Array.from({ length: step.attempts }, (_, attempt) =>
      span({
        ...{ service, name: `POST /${service}`, kind: 'server', parentSpanId: worker.spanId },
        ...{ startMs: step.startedAtMs + 3 + attempt * each, durationMs: Math.max(1, each * 0.6) },
        ...(attempt + 1 < step.attempts ? { error: 'Unavailable' } : error),
      }),
    );
    return [worker, ...attempts];
  });
  return [root, saga, ...steps];
}

export function spansOfSearch(answer: SearchAnswer, random: Random): readonly SpanView[] {
  const span = spanMaker(answer.correlationId, random);
  const startMs = answer.atMs - answer.elapsedMs;
  const root = span({
    service: 'api',
    name: 'GET /api/search',
    kind: 'server',
    startMs,
    durationMs: answer.elapsedMs,
  });
  const sources = answer.sources.map((source) =>
    span({
      ...{ service: source.name, name: 'GET /search', kind: 'server', parentSpanId: root.spanId },
      ...{ startMs: startMs + source.startedMs, durationMs: source.elapsedMs },
      ...(source.error === undefined ? {} : { error: source.error.code }),
    }),
  );
  return [root, ...sources];
}

function spanMaker(correlationId: string, random: Random): (draft: Draft) => SpanView {
  const traceId = correlationId.padEnd(32, '0').slice(0, 32);
  return (draft) => ({ ...draft, spanId: hex(random, 16), traceId, attributes: {} });
}
