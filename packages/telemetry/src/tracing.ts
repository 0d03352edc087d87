// Spans of one process: OpenTelemetry's tracer under an async context of our own, which also carries the correlation.
import type { Correlation, HeadersLike, Runtime } from '@holdfast/core';
import { type Attributes, type Context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { millisToHrTime } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import {
  ATTR_ERROR_TYPE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
} from '@opentelemetry/semantic-conventions';
import { ATTR_CORRELATION_ID, ATTR_PEER } from './attributes.ts';
import { cutMessage } from './failure.ts';
import {
  contextFrom,
  contextFromHeaders,
  correlationIdOf,
  correlationOf,
  logFields,
  traceparentOf,
  withCorrelationId,
} from './propagation.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { SpanKindName } from './span.ts';
import { chosenIds, recordedIds } from './span-ids.ts';

/** Bounds of one span, so that no caller's data can make it large. */
const SPAN_LIMITS = {
  attributeCountLimit: 64,
  attributeValueLengthLimit: 2_048,
  eventCountLimit: 32,
  attributePerEventCountLimit: 16,
  linkCountLimit: 8,
};

const KINDS: Readonly<Record<SpanKindName, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Attributes of a span; `peer` names the service called and is what the service map draws its edges from. */
export type SpanAttributes = Attributes & { readonly peer?: string };

/** Work that is already over, as `Telemetry.record` takes it. Times are epoch ms. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKindName;
  readonly startMs: number;
  readonly endMs: number;
  /** `traceparent` of the span that caused it; a new trace when absent or malformed. */
  readonly parent?: string | undefined;
  readonly correlationId: string;
  readonly attributes: SpanAttributes;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** Names this work within its trace; recording it again changes nothing. See {@link recordedTraceparent}. */
  readonly key?: string | undefined;
}

/** The tracing half of `Telemetry`; see there. */
export interface Tracing {
  serve<T>(
    name: string,
    headers: HeadersLike,
    attributes: SpanAttributes,
    work: (scope: Scope) => Promise<T>,
  ): Promise<T>;
  call<T>(
    name: string,
    attributes: SpanAttributes & { readonly peer: string },
    work: (scope: Scope) => Promise<T>,
  ): Promise<T>;
  span<T>(name: string, attributes: SpanAttributes, work: (scope: Scope) => Promise<T>): Promise<T>;
  record(span: FinishedSpan): string;
  current(): Correlation | undefined;
  logFields(): Readonly<Record<string, string>>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface TracingOptions {
  readonly service: string;
  readonly instance: string;
  readonly runtime: Runtime;
  /** Where ended spans go; without one they only carry the trace on. */
  readonly processors: SpanProcessor[];
}

export function startTracing(options: TracingOptions): Tracing {
  const { service, instance, runtime, processors } = options;
  const contexts = new AsyncLocalStorageContextManager().enable();
  const ids = chosenIds();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: service, [ATTR_SERVICE_INSTANCE_ID]: instance }),
    idGenerator: ids,
    spanLimits: SPAN_LIMITS,
    spanProcessors: processors,
  });
  const tracer = provider.getTracer('@holdfast/telemetry');

  const run = async <T>(
    kind: SpanKind,
    name: string,
    attributes: SpanAttributes,
    context: Context,
    work: (scope: Scope) => Promise<T>,
  ): Promise<T> => {
    const id = correlationIdOf(context) ?? runtime.uuid();
    const parent = withCorrelationId(context, id);
    const span = tracer.startSpan(name, { kind, attributes: named(attributes, id) }, parent);
    const active = trace.setSpan(parent, span);
    const scope = scopeOf(span, active, correlationOf(active) ?? { id });
    try {
      return await contexts.with(active, () => work(scope));
    } catch (error) {
      scope.fail(error);
      throw error;
    } finally {
      span.end();
    }
  };

  return {
    serve: (name, headers, attributes, work) =>
      run(SpanKind.SERVER, name, attributes, contextFromHeaders(headers, runtime), work),
    call: (name, attributes, work) => run(SpanKind.CLIENT, name, attributes, contexts.active(), work),
    span: (name, attributes, work) => run(SpanKind.INTERNAL, name, attributes, contexts.active(), work),
    record: (finished) => {
      const { name, kind, parent, correlationId, attributes, error, key } = finished;
      const endMs = Number.isFinite(finished.endMs) ? finished.endMs : runtime.now();
      const startMs = Number.isFinite(finished.startMs) ? finished.startMs : endMs;
      const context = contextFrom({
        id: correlationId,
        ...(parent === undefined ? {} : { traceparent: parent }),
      });
      const start = () =>
        tracer.startSpan(
          name,
          {
            kind: KINDS[kind],
            startTime: millisToHrTime(startMs),
            attributes: named(attributes, correlationId),
          },
          context,
        );
      const span = key === undefined ? start() : ids.using(recordedIds(key, parent), start);
      if (error !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: cutMessage(error.message) });
        span.setAttribute(ATTR_ERROR_TYPE, error.code);
      }
      span.end(millisToHrTime(endMs)); // the SDK takes an end before the start for the start
      return traceparentOf(trace.setSpan(context, span)) ?? '';
    },
    current: () => correlationOf(contexts.active()),
    logFields: () => logFields(contexts.active()),
    flush: async () => {
      await Promise.all(processors.map((processor) => processor.forceFlush()));
    },
    close: async () => {
      await provider.shutdown();
      contexts.disable();
    },
  };
}

function named({ peer, ...attributes }: SpanAttributes, correlationId: string): Attributes {
  return {
    ...attributes,
    ...(peer === undefined ? {} : { [ATTR_PEER]: peer }),
    [ATTR_CORRELATION_ID]: correlationId,
  };
}
