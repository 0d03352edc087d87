// The `tracestate` header: what tracing vendors add to a trace, handed on unread as W3C Trace Context asks for.
import type { HeadersLike } from '@holdfast/core';

/** Longest combined value handed on; the Recommendation asks for at least 512 characters. */
const MAX_CHARACTERS = 1_024;

/** The `tracestate` of `headers`, several of them combined in order (section 3.3); `undefined` when absent or too long. */
export function tracestateOf(headers: HeadersLike): string | undefined {
  const value = isFetchHeaders(headers) ? headers.get('tracestate') : combined(headers);
  return value === null || value === '' || value.length > MAX_CHARACTERS ? undefined : value;
}

function combined(headers: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  return Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'tracestate')
    .flatMap(([, value]) => value ?? [])
    .join(',');
}

function isFetchHeaders(headers: HeadersLike): headers is { get(name: string): string | null } {
  return typeof headers['get'] === 'function';
}
