/** One id that goes with a request through every hop, log line and event. */
import type { Runtime } from '../ports/runtime.ts';
import { systemRuntime } from '../ports/system-runtime.ts';
import { parseTraceparent } from './traceparent.ts';

/** What ties the parts of one request together. */
export interface Correlation {
  /** 1 to 128 characters of `A-Z a-z 0-9 . _ -`. */
  readonly id: string;
  /** A valid W3C `traceparent`, when the caller sent one. */
  readonly traceparent?: string;
}

/** A fetch `Headers`, or the plain record that Node's HTTP server gives. Names are compared without regard to case. */
export type HeadersLike =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

const ID = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Reads `x-correlation-id` and `traceparent`. Headers are foreign input: an id outside the bound is replaced by a new
 * one (log lines and store keys hold it), an invalid `traceparent` is dropped, as is one that was sent twice.
 */
export function correlationFromHeaders(headers: HeadersLike, runtime: Runtime = systemRuntime): Correlation {
  const id = header(headers, 'x-correlation-id');
  const traceparent = header(headers, 'traceparent')?.trim();
  return {
    id: id !== undefined && ID.test(id) ? id : runtime.uuid(),
    ...(traceparent !== undefined && parseTraceparent(traceparent) !== undefined && { traceparent }),
  };
}

/** The headers that hand `correlation` on to the next hop. */
export function correlationHeaders(correlation: Correlation): Record<string, string> {
  return {
    'x-correlation-id': correlation.id,
    ...(correlation.traceparent !== undefined && { traceparent: correlation.traceparent }),
  };
}

function header(headers: HeadersLike, name: string): string | undefined {
  if (isFetchHeaders(headers)) return headers.get(name) ?? undefined;
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
  return values.length === 1 ? values[0] : undefined;
}

function isFetchHeaders(headers: HeadersLike): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
