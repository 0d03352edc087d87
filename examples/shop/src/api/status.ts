/** What the page's instruments show, gathered from workers, supervisor, stores and traces. */
import type { ProcessView, ServiceMapView, SpanView, StatusView } from '@holdfast/dashboard/contract';
import type { TraceStore } from '@holdfast/telemetry';
import type { Guards } from '../guarded/guards.ts';
import type { Load } from './load.ts';
import type { OrderStore } from './orders/store.ts';
import { merged, type Workers } from './workers.ts';

const MAX_TRANSITIONS = 30;
/** Spans shown of one correlation. */
const MAX_SPANS = 500;

export interface Status {
  now(): Promise<StatusView>;
  map(windowMs: number): ServiceMapView;
  spans(correlationId: string): readonly SpanView[];
  processes(list: readonly ProcessView[]): void;
}

export interface StatusParts {
  readonly workers: Workers;
  readonly guarded: Guards;
  readonly store: OrderStore;
  readonly traces: TraceStore;
  readonly load: () => Load;
  readonly chaosEnabled: boolean;
}

export function status({ workers, guarded, store, traces, load, chaosEnabled }: StatusParts): Status {
  let processes: readonly ProcessView[] = [];
  return {
    processes: (list) => {
      processes = list;
    },
    now: async () => {
      const all = merged([await workers.view(), guarded.view()]);
      return {
        ...{ atMs: Date.now(), processes, breakers: all.breakers, bulkheads: all.bulkheads },
        transitions: all.transitions.slice(0, MAX_TRANSITIONS),
        ...{ orders: store.counts(), load: load().view(), chaosEnabled },
      };
    },
    map: (askedMs) => {
      const { windowMs, nodes, edges } = traces.serviceMap({ sinceMs: Date.now() - askedMs });
      return { windowMs, nodes: nodes.map(({ seenBy: _, ...node }) => node), edges };
    },
    spans: (correlationId) =>
      traces
        .byCorrelation(correlationId)
        .slice(0, MAX_SPANS)
        .map((span) => ({
          ...{
            spanId: span.spanId,
            traceId: span.traceId,
            service: span.service,
            name: span.name,
            kind: span.kind,
          },
          ...{ startMs: span.startMs, durationMs: span.durationMs, attributes: span.attributes },
          ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
          ...(span.error === undefined ? {} : { error: span.error.message }),
        })),
  };
}
