// How a request's identity travels: W3C Trace Context and a correlation id, between processes in headers and within
// a process in the async context.
import {
  type Correlation,
  correlationFromHeaders,
  correlationHeaders,
  type HeadersLike,
  type Runtime,
} from '@holdfast/core';
import {
  type Context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { TRACE_PARENT_HEADER, TRACE_STATE_HEADER, W3CTraceContextPropagator } from '@opentelemetry/core';
import { tracestateOf } from './tracestate.ts';

const CORRELATION_ID = createContextKey('holdfast correlation id');
const traceContext = new W3CTraceContextPropagator();

/**
 * A context that continues the caller's trace under the caller's correlation id. A missing or malformed
 * `traceparent` starts a new trace, as W3C Trace Context asks for; a missing or malformed id is replaced by a new one.
 */
export function contextFromHeaders(headers: HeadersLike, runtime: Runtime): Context {
  return contextFrom(correlationFromHeaders(headers, runtime), tracestateOf(headers));
}

/** A context below the span that the `traceparent` names; a root when it is absent or malformed. */
export function contextFrom({ id, traceparent }: Correlation, tracestate?: string): Context {
  const carrier = { [TRACE_PARENT_HEADER]: traceparent, [TRACE_STATE_HEADER]: tracestate };
  return traceContext.extract(withCorrelationId(ROOT_CONTEXT, id), carrier, defaultTextMapGetter);
}

/** The correlation id of `context`, if it has one. */
export function correlationIdOf(context: Context): string | undefined {
  const id = context.getValue(CORRELATION_ID);
  return typeof id === 'string' ? id : undefined;
}

/** Correlation id and the traceparent of the span active in `context`; `undefined` outside of any correlation. */
export function correlationOf(context: Context): Correlation | undefined {
  const id = correlationIdOf(context);
  if (id === undefined) return undefined;
  const traceparent = traceparentOf(context);
  return traceparent === undefined ? { id } : { id, traceparent };
}

/** The `traceparent` that names the span active in `context`, if there is one. */
export function traceparentOf(context: Context): string | undefined {
  return injected(context)[TRACE_PARENT_HEADER];
}

/** The headers that let the service called continue this context: `traceparent`, `tracestate`, `x-correlation-id`. */
export function outgoingHeaders(context: Context): Record<string, string> {
  const id = correlationIdOf(context);
  return { ...injected(context), ...(id === undefined ? {} : correlationHeaders({ id })) };
}

/** What a log line says of the context it is written in. */
export function logFields(context: Context): Readonly<Record<string, string>> {
  const id = correlationIdOf(context);
  const span = trace.getSpanContext(context);
  return {
    ...(id === undefined ? {} : { correlationId: id }),
    ...(span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId }),
  };
}

/** `context` under the correlation id given. */
export function withCorrelationId(context: Context, id: string): Context {
  return context.setValue(CORRELATION_ID, id);
}

function injected(context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  traceContext.inject(context, headers, defaultTextMapSetter);
  return headers;
}
