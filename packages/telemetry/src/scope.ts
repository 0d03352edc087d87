// What the work inside a span may do with it: enough to describe the work, too little to break the trace.
import type { Correlation } from '@holdfast/core';
import { type Attributes, type Context, type Span, SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';
import { failureOf } from './failure.ts';
import { outgoingHeaders } from './propagation.ts';

/** The span that the work runs in. Its methods do nothing once the work has ended. */
export interface Scope {
  /** The correlation id, and the `traceparent` that names this span. */
  readonly correlation: Correlation;
  /** Adds attributes, or replaces those of the same name. At most 64 are kept, texts of at most 2_048 characters. */
  set(attributes: Attributes): void;
  /**
   * Marks the work as failed without throwing, for example on an answer with status 5xx. The last failure given is
   * kept. Errors thrown by the work are marked by themselves.
   */
  fail(error: unknown): void;
  /** What to send with an outgoing call made in this span: `traceparent`, `x-correlation-id`, `tracestate` if any. */
  headers(): Record<string, string>;
  /** Notes something that happened now. The newest 32 are kept. */
  event(name: string, attributes?: Attributes): void;
}

/** The scope of `span`, which is the active span of `context`. */
export function scopeOf(span: Span, context: Context, correlation: Correlation): Scope {
  return {
    correlation,
    set: (attributes) => {
      span.setAttributes(attributes);
    },
    fail: (error) => markFailed(span, error),
    headers: () => outgoingHeaders(context),
    event: (name, attributes) => {
      span.addEvent(name, attributes);
    },
  };
}

/** Status, error type, and the exception as an event, by OpenTelemetry's conventions for exceptions on spans. */
function markFailed(span: Span, error: unknown): void {
  const { code, message, stack } = failureOf(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttribute(ATTR_ERROR_TYPE, code);
  span.addEvent('exception', {
    [ATTR_EXCEPTION_TYPE]: code,
    [ATTR_EXCEPTION_MESSAGE]: message,
    ...(stack === undefined ? {} : { [ATTR_EXCEPTION_STACKTRACE]: stack }),
  });
}
